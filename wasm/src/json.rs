//! Texts that are JSON.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::Error;

pub(crate) fn read<T: DeserializeOwned>(what: &'static str, text: &str) -> Result<T, Error> {
    serde_json::from_str(text).map_err(|cause| Error::Text { what, cause })
}

pub(crate) fn write(what: &'static str, value: &impl Serialize) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|cause| Error::Text { what, cause })
}
