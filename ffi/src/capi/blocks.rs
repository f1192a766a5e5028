//! The blocks of a source file with their checksums.

use super::options::{Options, flag, read};
use super::panic::call;
use super::pointer::{HandleOut, Out, borrow, free, item};
use super::{lightspeed_bytes, lightspeed_error, lightspeed_status, lightspeed_str};
use lightspeed_core::blocks::{self, Block, BlockKind, FileBlocks, analyse};
use lightspeed_core::source::Language;

/// What a source file is made of. Owned by the caller; free it with `lightspeed_blocks_free`. It never changes and may be
/// shared between threads.
#[derive(Debug)]
pub struct lightspeed_blocks(pub(super) FileBlocks);

/// What kind of block.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum lightspeed_block_kind {
    /// The file's own statements.
    Module = 0,
    /// A class body.
    Class = 1,
    /// A function body.
    Function = 2,
    /// A suite that its statement may skip.
    Branch = 3,
}

/// Languages whose sources are followed by blocks.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum lightspeed_language {
    /// Python 3.
    Python = 0,
    /// Go. Its types stand for classes, for those methods that the file declares.
    Go = 1,
}

/// How to analyse. Begin with `LIGHTSPEED_BLOCKS_OPTIONS_INIT` or `lightspeed_blocks_options_init`. Read during the call
/// only.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct lightspeed_blocks_options {
    /// Size of the struct in bytes.
    pub struct_size: usize,
    /// 1 counts docstrings as code; else 0.
    pub docstrings: i32,
    /// A `lightspeed_language`. Surveys do not look at it: they go by the names of files.
    pub language: i32,
}

/// Writes the defaults into `options`, a struct of `struct_size` bytes: pass `sizeof(lightspeed_blocks_options)`.
///
/// Errors: INVALID_ARGUMENT where no release had a struct of this size.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_blocks_options_init(
    options: *mut lightspeed_blocks_options,
    struct_size: usize,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: places of the caller.
    unsafe { call(err, || super::options::init(options, struct_size)) }
}

/// Analyses source: the bytes of a file, in the encoding that they declare. Touches no file.
///
/// `options` may be NULL for the defaults. What cannot be read is no error but a diagnostic. Writes `*blocks`, owned by the
/// caller, in the order of first lines; the first is the module. From any thread.
///
/// Errors: INVALID_ARGUMENT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_blocks_analyse(
    source: lightspeed_bytes,
    options: *const lightspeed_blocks_options,
    blocks: *mut *mut lightspeed_blocks,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: inputs and outputs of the caller, valid during the call.
    unsafe {
        call(err, || {
            let out = HandleOut::new(blocks, "blocks")?;
            let given = read(options)?;
            let docstrings = flag(given.docstrings, "docstrings")?;
            let language = given.language()?;
            let options = blocks::Options { docstrings, ..blocks::Options::default() };
            out.set(lightspeed_blocks(analyse(language, source.bytes("source")?, &options)));
            Ok(())
        })
    }
}

/// Frees blocks and the texts borrowed from them. NULL is a no-op. Consumes `blocks`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_blocks_free(blocks: *mut lightspeed_blocks) {
    // SAFETY: NULL or blocks that the caller owns.
    unsafe { free(blocks) }
}

/// How many blocks there are. NULL gives 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_blocks_count(blocks: *const lightspeed_blocks) -> usize {
    // SAFETY: NULL or blocks that were not freed.
    unsafe { blocks.as_ref() }.map_or(0, |blocks| blocks.0.blocks.len())
}

/// The identity of a block inside its file: its qualified name, branches below it, `Class.method/if[0].else`. Writes `*id`,
/// borrowed until the blocks are freed.
///
/// Errors: INVALID_ARGUMENT; OUT_OF_RANGE where `index` is not below `lightspeed_blocks_count`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_blocks_id(
    blocks: *const lightspeed_blocks,
    index: usize,
    id: *mut lightspeed_str,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: inputs and outputs of the caller, valid during the call.
    unsafe {
        call(err, || {
            let out = Out::new(id, "id")?;
            out.set(lightspeed_str::borrowed(&block(blocks, index)?.id));
            Ok(())
        })
    }
}

/// The kind of a block. Writes `*kind`, a `lightspeed_block_kind`; later releases may have more of them.
///
/// Errors: as `lightspeed_blocks_id`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_blocks_kind(
    blocks: *const lightspeed_blocks,
    index: usize,
    kind: *mut i32,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: inputs and outputs of the caller, valid during the call.
    unsafe {
        call(err, || {
            let out = Out::new(kind, "kind")?;
            out.set(match block(blocks, index)?.kind {
                BlockKind::Module => lightspeed_block_kind::Module,
                BlockKind::Class => lightspeed_block_kind::Class,
                BlockKind::Function => lightspeed_block_kind::Function,
                BlockKind::Branch => lightspeed_block_kind::Branch,
            } as i32);
            Ok(())
        })
    }
}

/// The lines of a block, from 1, both included. Writes `*start_line` and `*end_line`.
///
/// Errors: as `lightspeed_blocks_id`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_blocks_lines(
    blocks: *const lightspeed_blocks,
    index: usize,
    start_line: *mut u32,
    end_line: *mut u32,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: inputs and outputs of the caller, valid during the call.
    unsafe {
        call(err, || {
            let (start, end) = (Out::new(start_line, "start_line")?, Out::new(end_line, "end_line")?);
            let lines = block(blocks, index)?.lines;
            start.set(lines.start);
            end.set(lines.end);
            Ok(())
        })
    }
}

/// The checksum of a block's own statements: CRC-32 of a form in which layout and comments do not count. Writes
/// `*checksum`.
///
/// Errors: as `lightspeed_blocks_id`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_blocks_checksum(
    blocks: *const lightspeed_blocks,
    index: usize,
    checksum: *mut u32,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: inputs and outputs of the caller, valid during the call.
    unsafe {
        call(err, || {
            let out = Out::new(checksum, "checksum")?;
            out.set(block(blocks, index)?.checksum);
            Ok(())
        })
    }
}

/// How many parts of the file could not be read; whatever depends on such a part counts as affected. NULL gives 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_blocks_diagnostic_count(blocks: *const lightspeed_blocks) -> usize {
    // SAFETY: NULL or blocks that were not freed.
    unsafe { blocks.as_ref() }.map_or(0, |blocks| blocks.0.diagnostics.len())
}

/// What could not be read: writes `*text`, borrowed until the blocks are freed, and its first line to `*line`.
///
/// Errors: INVALID_ARGUMENT; OUT_OF_RANGE where `index` is not below `lightspeed_blocks_diagnostic_count`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lightspeed_blocks_diagnostic(
    blocks: *const lightspeed_blocks,
    index: usize,
    text: *mut lightspeed_str,
    line: *mut u32,
    err: *mut *mut lightspeed_error,
) -> lightspeed_status {
    // SAFETY: inputs and outputs of the caller, valid during the call.
    unsafe {
        call(err, || {
            let (text, line) = (Out::new(text, "text")?, Out::new(line, "line")?);
            let found = item(&borrow(blocks, "blocks")?.0.diagnostics, index, "diagnostic")?;
            text.set(lightspeed_str::borrowed(&found.message));
            line.set(found.lines.start);
            Ok(())
        })
    }
}

/// # Safety
/// NULL or blocks that nobody frees during `'a`.
unsafe fn block<'a>(blocks: *const lightspeed_blocks, index: usize) -> Result<&'a Block, lightspeed_error> {
    // SAFETY: as promised by the caller.
    let blocks = unsafe { borrow(blocks, "blocks") }?;
    item(&blocks.0.blocks, index, "block")
}

// SAFETY: `repr(C)`, the size first, and only numbers, which may have any bytes.
unsafe impl Options for lightspeed_blocks_options {
    const SIZES: &'static [usize] = &[size_of::<Self>()];

    fn defaults() -> Self {
        Self { struct_size: size_of::<Self>(), docstrings: 0, language: lightspeed_language::Python as i32 }
    }
}

impl lightspeed_blocks_options {
    fn language(self) -> Result<Language, lightspeed_error> {
        match self.language {
            l if l == lightspeed_language::Python as i32 => Ok(Language::Python),
            l if l == lightspeed_language::Go as i32 => Ok(Language::Go),
            other => Err(lightspeed_error::argument(format!("language is {other}: that is no lightspeed_language"))),
        }
    }
}
