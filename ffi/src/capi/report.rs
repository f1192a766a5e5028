//! Documents as people read them.

use super::options::{Options, flag, read};
use super::panic::call;
use super::pointer::Out;
use super::{lightspeed_buf, lightspeed_error, lightspeed_status, lightspeed_str};
use crate::text::{Look, TextError, render};

/// How a report looks. Begin with `LIGHTSPEED_REPORT_OPTIONS_INIT` or `lightspeed_report_options_init`. Read during the call
/// only.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct lightspeed_report_options {
    /// Size of the struct in bytes.
    pub struct_size: usize,
    /// Columns to fit into, up to 65535; 0 does not wrap.
    pub width: u32,
    /// 1 colours with the escape sequences of terminals; else 0.
    pub colour: i32,
}

/// Writes the defaults into `options`, a struct of `struct_size` bytes: pass `sizeof(lightspeed_report_options)`.
///
/// Errors: INVALID_ARGUMENT where no release had a struct of this size.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_report_options_init(
    options: *mut lightspeed_report_options,
    struct_size: usize,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: places of the caller.
    unsafe { call(err, || super::options::init(options, struct_size)) }
}

/// The text of a JSON document of this library or its program (`"schema": "lightspeed.measure/1"`), as the program prints it.
///
/// `options` may be NULL for the defaults: no wrapping, no colours. Writes `*text`, owned by the caller: lines, without a line
/// end after the last. From any thread.
///
/// Errors: INVALID_ARGUMENT, also where the document is no JSON, of another version, or not what its schema says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_report_text(
    document: lightspeed_str,
    options: *const lightspeed_report_options,
    text: *mut lightspeed_buf,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: inputs and outputs of the caller, valid during the call.
    unsafe {
        call(err, || {
            let out = Out::new(text, "text")?;
            let look = read(options)?.look()?;
            out.set(lightspeed_buf::new(render(document.text("document")?, look)?));
            Ok(())
        })
    }
}

impl lightspeed_report_options {
    fn look(&self) -> Result<Look, lightspeed_error> {
        let width = u16::try_from(self.width)
            .map_err(|_| lightspeed_error::argument(format!("width is {}: it must be at most 65535", self.width)))?;
        Ok(Look { width: Some(width).filter(|width| *width > 0), colour: flag(self.colour, "colour")? })
    }
}

// SAFETY: `repr(C)`, the size first, and only numbers, which may have any bytes.
unsafe impl Options for lightspeed_report_options {
    const SIZES: &'static [usize] = &[size_of::<Self>()];

    fn defaults() -> Self {
        Self { struct_size: size_of::<Self>(), width: 0, colour: 0 }
    }
}

impl From<TextError> for lightspeed_error {
    fn from(error: TextError) -> Self {
        Self::argument(error.to_string())
    }
}
