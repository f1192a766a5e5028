//! Options structs that may grow: the size comes first, and what an older caller does not know keeps its default.

use super::pointer::{Out, borrow};
use super::{lightspeed_error, lightspeed_status};
use crate::pair::random_seed;
use std::path::PathBuf;

/// An options struct.
///
/// # Safety
/// The type is `repr(C)`, begins with its `usize` size, and any bytes that C may put into it are valid.
pub(super) unsafe trait Options: Copy {
    /// The sizes that it had in the releases so far, the present one last.
    const SIZES: &'static [usize];

    /// What NULL stands for.
    fn defaults() -> Self;
}

/// The caller's options, completed with defaults.
///
/// # Safety
/// `options` is NULL or points at a struct of the size that its first field says.
pub(super) unsafe fn read<T: Options>(options: *const T) -> Result<T, lightspeed_error> {
    let mut read = T::defaults();
    if options.is_null() {
        return Ok(read);
    }
    // SAFETY: the struct begins with its size.
    let size = *unsafe { borrow(options.cast::<usize>(), "options") }?;
    check_size::<T>(size)?;
    // SAFETY: the caller's struct has `size` bytes, ours at least as many, and they are different places.
    unsafe { std::ptr::copy_nonoverlapping(options.cast::<u8>(), (&raw mut read).cast(), size) };
    Ok(read)
}

/// Writes the defaults into a struct of the caller that has `size` bytes.
///
/// # Safety
/// `options` is NULL or may be written for `size` bytes.
pub(super) unsafe fn init<T: Options>(options: *mut T, size: usize) -> Result<(), lightspeed_error> {
    check_size::<T>(size)?;
    let defaults = T::defaults();
    // SAFETY: the place has at least the bytes of its first field.
    let first = unsafe { Out::new(options.cast::<usize>(), "options") }?;
    // SAFETY: ours has at least `size` bytes, the caller's too, and they are different places.
    unsafe { std::ptr::copy_nonoverlapping((&raw const defaults).cast::<u8>(), options.cast(), size) };
    first.set(size);
    Ok(())
}

/// A number that stands for yes or no.
pub(super) fn flag(value: i32, name: &str) -> Result<bool, lightspeed_error> {
    match value {
        0 => Ok(false),
        1 => Ok(true),
        other => Err(lightspeed_error::argument(format!("{name} is {other}: it must be 0 or 1"))),
    }
}

/// A number of which a negative one says that it is not given.
pub(super) fn given(value: f64, name: &str) -> Result<Option<f64>, lightspeed_error> {
    if value < 0.0 {
        return Ok(None);
    }
    if value.is_finite() {
        return Ok(Some(value));
    }
    Err(lightspeed_error::argument(format!("{name} is {value}: it must be finite, or negative for none")))
}

/// A count of at least `least`, of which a negative one says that it is not given.
pub(super) fn given_count<T: TryFrom<i64> + PartialOrd>(
    value: i64,
    least: T,
    name: &str,
) -> Result<Option<T>, lightspeed_error> {
    if value < 0 {
        return Ok(None);
    }
    let count = T::try_from(value).ok().filter(|count| *count >= least);
    let refused = || lightspeed_error::argument(format!("{name} is {value}: that many cannot be run"));
    count.map(Some).ok_or_else(refused)
}

/// The seed of the caller, or one that nothing decides.
pub(super) fn seed(seed: u64, random: i32) -> Result<u64, lightspeed_error> {
    match (flag(random, "random_seed")?, seed) {
        (false, seed) => Ok(seed),
        (true, 0) => Ok(random_seed()),
        (true, seed) => {
            let message = format!("seed is {seed} and random_seed is 1: set random_seed to 0 for this seed");
            Err(lightspeed_error::argument(message))
        }
    }
}

/// The directory to work in: the caller's, else the process's own.
pub(super) fn directory(cwd: Option<PathBuf>) -> Result<PathBuf, lightspeed_error> {
    let found = match cwd {
        Some(cwd) => std::path::absolute(cwd),
        None => std::env::current_dir(),
    };
    found.map_err(|error| {
        let message = format!("the current directory cannot be found ({error}): set cwd");
        lightspeed_error::new(lightspeed_status::Io, message)
    })
}

fn check_size<T: Options>(size: usize) -> Result<(), lightspeed_error> {
    if T::SIZES.contains(&size) {
        return Ok(());
    }
    let newest = T::SIZES.last().copied().unwrap_or_default();
    Err(lightspeed_error::argument(if size > newest {
        format!("struct_size is {size}, this library knows up to {newest}: was the program built for a newer one?")
    } else {
        format!("struct_size is {size}, which no release had: begin with the _INIT macro or the _init function")
    }))
}
