//! The tables of the JavaScript engine.

use std::borrow::Cow;

use js_sys::{Array, Function, JsString, Object, Reflect, Uint8Array, global};
use wasm_bindgen::{JsCast, JsValue};

use super::Undecoded;
use super::probe;

/// The text of bytes in the encoding that has this label in the Encoding Standard, where the engine keeps to it.
pub(crate) fn decode<'b>(label: &str, bytes: &'b [u8]) -> Result<Cow<'b, str>, Undecoded> {
    let lenient = decoder(label, false).ok_or(Undecoded::Unknown)?;
    let name = Reflect::get(&lenient, &"encoding".into()).ok().and_then(|name| name.as_string()).unwrap_or_default();
    if let Ok(ascii) = std::str::from_utf8(bytes)
        && ascii.is_ascii()
        && !BEYOND_ASCII.contains(&name.as_str())
    {
        return Ok(Cow::Borrowed(ascii));
    }
    let probed = text(&lenient, &probe::bytes()).ok_or(Undecoded::Otherwise)?;
    if !probe::is_standard(&name, &probed) {
        return Err(Undecoded::Otherwise);
    }
    let strict = decoder(label, true).ok_or(Undecoded::Unknown)?;
    text(&strict, bytes).map(Cow::Owned).ok_or(Undecoded::Invalid)
}

/// Encodings in which ASCII bytes may mean something else.
const BEYOND_ASCII: [&str; 3] = ["iso-2022-jp", "utf-16be", "utf-16le"];

/// The normal form NFKC.
pub(crate) fn nfkc(text: &str) -> String {
    JsString::from(text).normalize("NFKC").into()
}

/// `new TextDecoder(label, { fatal, ignoreBOM: true })`; the mark of byte order is no business of a decoder here.
fn decoder(label: &str, fatal: bool) -> Option<JsValue> {
    let class: Function = Reflect::get(&global(), &"TextDecoder".into()).ok()?.dyn_into().ok()?;
    let options = Object::new();
    Reflect::set(&options, &"fatal".into(), &fatal.into()).ok()?;
    Reflect::set(&options, &"ignoreBOM".into(), &true.into()).ok()?;
    Reflect::construct(&class, &Array::of2(&label.into(), &options)).ok()
}

fn text(decoder: &JsValue, bytes: &[u8]) -> Option<String> {
    let decode: Function = Reflect::get(decoder, &"decode".into()).ok()?.dyn_into().ok()?;
    decode.call1(decoder, &Uint8Array::from(bytes)).ok()?.as_string()
}
