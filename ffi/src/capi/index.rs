//! What a survey knows, ready to be asked what files affect.

use super::cancel::going_on;
use super::options::read;
use super::panic::call;
use super::pointer::{HandleOut, Out, borrow, free, item, slice};
use super::survey::{directory, sources_below};
use super::{
    lightspeed_buf, lightspeed_bytes, lightspeed_error, lightspeed_select_options, lightspeed_selection,
    lightspeed_status, lightspeed_str,
};
use crate::cancel::Cancel;
use crate::session::SessionError;
use crate::tree::read_file;
use lightspeed_core::impact::Index;
use lightspeed_core::source::is_source;
use lightspeed_core::survey::{FileNow, Question, SnapshotError, answer, decode, encode};
use std::collections::BTreeMap;

/// What each benchmark executed. Owned by the caller; free it with `lightspeed_index_free`. It never changes and may be
/// shared between threads.
#[derive(Debug)]
pub struct lightspeed_index {
    pub(super) index: Index,
    /// Of the instances, by number.
    ids: Vec<String>,
}

/// A file as it is now. Read during the call only.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct lightspeed_file {
    /// Its path as the survey names it: relative to the top of the sources, separated by '/'.
    pub path: lightspeed_str,
    /// Its content.
    pub content: lightspeed_bytes,
    /// 1 where it is gone, whatever `content` says; else 0.
    pub deleted: i32,
}

/// Reads an index from the bytes that `lightspeed_index_save` gave. Writes `*index`, owned by the caller. From any thread.
///
/// Errors: INVALID_ARGUMENT; VERSION where another release wrote it; DATABASE where it is damaged or something else.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_index_load(
    bytes: lightspeed_bytes,
    index: *mut *mut lightspeed_index,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: inputs and outputs of the caller, valid during the call.
    unsafe {
        call(err, || {
            let out = HandleOut::new(index, "index")?;
            out.set(lightspeed_index::new(Index::new(decode(bytes.bytes("bytes")?)?)));
            Ok(())
        })
    }
}

/// Writes the index as bytes, to be kept or sent: no text, and the same index gives the same bytes. Writes `*bytes`, owned by
/// the caller.
///
/// Errors: INVALID_ARGUMENT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_index_save(
    index: *const lightspeed_index,
    bytes: *mut lightspeed_buf,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: inputs and outputs of the caller, valid during the call.
    unsafe {
        call(err, || {
            let out = Out::new(bytes, "bytes")?;
            out.set(lightspeed_buf::of_bytes(encode(&borrow(index, "index")?.index.survey())));
            Ok(())
        })
    }
}

/// Frees an index and the texts borrowed from it. NULL is a no-op. Consumes `index`; selections live on.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_index_free(index: *mut lightspeed_index) {
    // SAFETY: NULL or an index that the caller owns.
    unsafe { free(index) }
}

/// How many benchmark instances it knows. NULL gives 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_index_count(index: *const lightspeed_index) -> usize {
    // SAFETY: NULL or an index that was not freed.
    unsafe { index.as_ref() }.map_or(0, |index| index.ids.len())
}

/// The id of an instance, by its number. Writes `*benchmark`, borrowed until the index is freed.
///
/// Errors: INVALID_ARGUMENT; OUT_OF_RANGE where `number` is not below `lightspeed_index_count`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_index_benchmark(
    index: *const lightspeed_index,
    number: usize,
    benchmark: *mut lightspeed_str,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: inputs and outputs of the caller, valid during the call.
    unsafe {
        call(err, || {
            let out = Out::new(benchmark, "benchmark")?;
            out.set(lightspeed_str::borrowed(item(&borrow(index, "index")?.ids, number, "benchmark")?));
            Ok(())
        })
    }
}

/// How many files it knows. NULL gives 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_index_file_count(index: *const lightspeed_index) -> usize {
    // SAFETY: NULL or an index that was not freed.
    unsafe { index.as_ref() }.map_or(0, |index| index.index.files.len())
}

/// The path of a file, by its number. Writes `*path`, borrowed until the index is freed.
///
/// Errors: INVALID_ARGUMENT; OUT_OF_RANGE where `number` is not below `lightspeed_index_file_count`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_index_file(
    index: *const lightspeed_index,
    number: usize,
    path: *mut lightspeed_str,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: inputs and outputs of the caller, valid during the call.
    unsafe {
        call(err, || {
            let out = Out::new(path, "path")?;
            out.set(lightspeed_str::borrowed(&item(&borrow(index, "index")?.index.files, number, "file")?.path));
            Ok(())
        })
    }
}

/// Says what `count` files, as they are now, affect. Those with the content that the survey saw are passed over, so that all files of
/// the tree may be handed in; with no other nothing is affected. Touches no file.
///
/// `options` may be NULL for the defaults; `strict_environment` and the listener are not looked at. Writes `*selection`, owned by the caller.
///
/// Errors: INVALID_ARGUMENT; CANCELLED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_index_select(
    index: *const lightspeed_index,
    files: *const lightspeed_file,
    count: usize,
    options: *const lightspeed_select_options,
    selection: *mut *mut lightspeed_selection,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: inputs and outputs of the caller, valid during the call.
    unsafe {
        call(err, || {
            let out = HandleOut::new(selection, "selection")?;
            let known = borrow(index, "index")?;
            let (question, cancel) = read(options)?.question()?;
            let files: Result<Vec<FileNow<'_>>, _> =
                slice(files, count, "files")?.iter().map(|file| file.now()).collect();
            out.set(known.answer(&files?, question, &cancel)?);
            Ok(())
        })
    }
}

/// Says what every difference affects between the survey and the files below the directory `root`, the top of the sources:
/// changed and deleted ones, and new files of Python and Go.
///
/// As `lightspeed_index_select` otherwise.
///
/// Errors: as there; IO.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_index_select_directory(
    index: *const lightspeed_index,
    root: lightspeed_str,
    options: *const lightspeed_select_options,
    selection: *mut *mut lightspeed_selection,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: inputs and outputs of the caller, valid during the call.
    unsafe {
        call(err, || {
            let out = HandleOut::new(selection, "selection")?;
            let known = borrow(index, "index")?;
            let root = directory(root, "root")?;
            let (question, cancel) = read(options)?.question()?;
            let mut there: BTreeMap<String, Option<Vec<u8>>> = BTreeMap::new();
            for (path, content) in sources_below(&root, &cancel)? {
                if is_source(&path) || known.index.file(&path).is_some() {
                    there.insert(path, Some(content));
                }
            }
            for file in &known.index.files {
                if there.contains_key(&file.path) {
                    continue;
                }
                going_on(&cancel)?;
                let path = root.join(&file.path);
                let content = if path.exists() { Some(read_file(&path).map_err(SessionError::from)?) } else { None };
                there.insert(file.path.clone(), content);
            }
            let files: Vec<FileNow<'_>> =
                there.iter().map(|(path, content)| FileNow { path, content: content.as_deref() }).collect();
            out.set(known.answer(&files, question, &cancel)?);
            Ok(())
        })
    }
}

impl lightspeed_index {
    pub(super) fn new(index: Index) -> Self {
        let ids = (0..index.instances.len() as u32).map(|number| index.id(number)).collect();
        Self { index, ids }
    }

    fn answer(
        &self,
        files: &[FileNow<'_>],
        question: Question,
        cancel: &Cancel,
    ) -> Result<lightspeed_selection, lightspeed_error> {
        going_on(cancel)?;
        Ok(lightspeed_selection(answer(&self.index, files, question)))
    }
}

impl lightspeed_file {
    /// # Safety
    /// Text and bytes are the caller's, valid for all of `'a`.
    unsafe fn now<'a>(self) -> Result<FileNow<'a>, lightspeed_error> {
        // SAFETY: as promised by the caller.
        let (path, content) = unsafe { (self.path.text("a file's path")?, self.content.bytes("a file's content")) };
        if path.is_empty() {
            return Err(lightspeed_error::argument("a file's path is empty".to_owned()));
        }
        let deleted = super::options::flag(self.deleted, "deleted")?;
        Ok(FileNow { path, content: if deleted { None } else { Some(content?) } })
    }
}

impl From<SnapshotError> for lightspeed_error {
    fn from(error: SnapshotError) -> Self {
        let status = match error {
            SnapshotError::Version { .. } => lightspeed_status::Version,
            _ => lightspeed_status::Database,
        };
        Self::new(status, error.to_string())
    }
}
