/*
 * libLightspeed: which benchmarks does a source change affect, how much did each move, and can you trust that?
 *
 * Generated from ffi/src/capi by `cargo run -p xtask -- header`; do not edit. The conventions are in docs/c-api.md. In short:
 *
 * - Calls that can fail return a lightspeed_status and take a `lightspeed_error **err` last, which may be NULL. It is always
 *   written: NULL after success, else an error object that the caller frees.
 * - Results are written only on success; a handle is NULL after a failure.
 * - "Owned by the caller" names what frees it. "Borrowed until" says how long it may be read. "Consumes" takes it away.
 *   Every _free takes NULL, and in any order: no handle needs another one to stay.
 * - const handles may be used by several threads at once.
 * - Paths into the library are the bytes that the operating system takes, separated by '/', without NUL. Paths out of
 *   it are UTF-8, with U+FFFD for what is none.
 */

#ifndef LIGHTSPEED_H
#define LIGHTSPEED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** The version of the library that this header belongs to. */
#define LIGHTSPEED_VERSION "0.1.0"
/** Text of a string literal, as an initialiser. */
#define LIGHTSPEED_STR_INIT(literal) { "" literal, sizeof(literal) - 1 }

/** The empty text, as an initialiser. */
#define LIGHTSPEED_STR_EMPTY { "", 0 }

/** An empty buffer, as an initialiser. */
#define LIGHTSPEED_BUF_INIT { NULL, 0 }

/** The defaults of lightspeed_session_options, as an initialiser. */
#define LIGHTSPEED_SESSION_OPTIONS_INIT \
    { sizeof(lightspeed_session_options), LIGHTSPEED_STR_EMPTY, LIGHTSPEED_STR_EMPTY, \
      LIGHTSPEED_STR_EMPTY, LIGHTSPEED_STR_EMPTY, LIGHTSPEED_LAUNCH_FORK }

/** The defaults of lightspeed_select_options, as an initialiser. */
#define LIGHTSPEED_SELECT_OPTIONS_INIT { sizeof(lightspeed_select_options), 0.5, 0, 0, NULL }

/** The defaults of lightspeed_blocks_options, as an initialiser. */
#define LIGHTSPEED_BLOCKS_OPTIONS_INIT { sizeof(lightspeed_blocks_options), 0 }

/** The defaults of lightspeed_report_options, as an initialiser. */
#define LIGHTSPEED_REPORT_OPTIONS_INIT { sizeof(lightspeed_report_options), 0, 0 }

/**
 * Version of the binary interface. A change that an older caller would not survive raises it.
 */
#define LIGHTSPEED_ABI_VERSION 1

/**
 * What a call answers. Numbers are never reused or changed, new ones may be added: treat an unknown one as a failure.
 */
enum lightspeed_status
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * Done.
     */
    LIGHTSPEED_STATUS_OK = 0,
    /**
     * An argument is NULL, no UTF-8, out of its range or of an unknown size: a fault of the caller.
     */
    LIGHTSPEED_STATUS_INVALID_ARGUMENT = 1,
    /**
     * An index is not below the count.
     */
    LIGHTSPEED_STATUS_OUT_OF_RANGE = 2,
    /**
     * The library failed inside; the message says how. The handle of the call answers POISONED from now on.
     */
    LIGHTSPEED_STATUS_PANIC = 3,
    /**
     * An earlier call on this handle ended with PANIC: free it and open another.
     */
    LIGHTSPEED_STATUS_POISONED = 4,
    /**
     * The cancel token of the call was raised. What was finished is kept.
     */
    LIGHTSPEED_STATUS_CANCELLED = 5,
    /**
     * Two parts of the library disagree: please report it.
     */
    LIGHTSPEED_STATUS_INTERNAL = 6,
    /**
     * A file or directory cannot be read or written.
     */
    LIGHTSPEED_STATUS_IO = 7,
    /**
     * There is no configuration, there are several, or it is broken.
     */
    LIGHTSPEED_STATUS_CONFIG = 8,
    /**
     * No usable Python, or one without asv_runner.
     */
    LIGHTSPEED_STATUS_PYTHON = 9,
    /**
     * The suite cannot be imported or listed, has no benchmarks, or would measure another copy of the package.
     */
    LIGHTSPEED_STATUS_SUITE = 10,
    /**
     * A process could not be started or did not end as it should.
     */
    LIGHTSPEED_STATUS_PROCESS = 11,
    /**
     * Git is missing, failed, or knows no such repository or revision.
     */
    LIGHTSPEED_STATUS_GIT = 12,
    /**
     * There is no finished survey.
     */
    LIGHTSPEED_STATUS_NO_SURVEY = 13,
    /**
     * The database is damaged, foreign, or says what cannot be.
     */
    LIGHTSPEED_STATUS_DATABASE = 14,
    /**
     * The database or an analysis in it is of another release.
     */
    LIGHTSPEED_STATUS_VERSION = 15,
    /**
     * Another process holds what is needed; try again.
     */
    LIGHTSPEED_STATUS_BUSY = 16,
    /**
     * A changed file that is neither on disk nor in the survey.
     */
    LIGHTSPEED_STATUS_UNKNOWN_FILE = 17,
    /**
     * Nobody said where the sources are.
     */
    LIGHTSPEED_STATUS_NO_SOURCE_ROOT = 18,
    /**
     * A source file changed during the call.
     */
    LIGHTSPEED_STATUS_CHANGED_MEANWHILE = 19,
    /**
     * Baselines were measured on another class of machine, and the caller wants none of that.
     */
    LIGHTSPEED_STATUS_OTHER_HOST = 20,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum lightspeed_status lightspeed_status;
#else
typedef int32_t lightspeed_status;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * How benchmarks get a process of their own.
 */
enum lightspeed_launch
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * Forked from a process that has imported their file.
     */
    LIGHTSPEED_LAUNCH_FORK = 0,
    /**
     * A fresh process each.
     */
    LIGHTSPEED_LAUNCH_SPAWN = 1,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum lightspeed_launch lightspeed_launch;
#else
typedef int32_t lightspeed_launch;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * How finely changes are followed.
 */
enum lightspeed_policy
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * By blocks and by the names that definitions bind.
     */
    LIGHTSPEED_POLICY_PRECISE = 0,
    /**
     * Likewise, but what runs at import affects all that imported the file.
     */
    LIGHTSPEED_POLICY_STRICT = 1,
    /**
     * A changed file affects all that depend on it.
     */
    LIGHTSPEED_POLICY_FILE = 2,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum lightspeed_policy lightspeed_policy;
#else
typedef int32_t lightspeed_policy;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What kind of block.
 */
enum lightspeed_block_kind
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * The file's own statements.
     */
    LIGHTSPEED_BLOCK_KIND_MODULE = 0,
    /**
     * A class body.
     */
    LIGHTSPEED_BLOCK_KIND_CLASS = 1,
    /**
     * A function body.
     */
    LIGHTSPEED_BLOCK_KIND_FUNCTION = 2,
    /**
     * A suite that its statement may skip.
     */
    LIGHTSPEED_BLOCK_KIND_BRANCH = 3,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum lightspeed_block_kind lightspeed_block_kind;
#else
typedef int32_t lightspeed_block_kind;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What a source file is made of. Owned by the caller; free it with `lightspeed_blocks_free`. It never changes and may be
 * shared between threads.
 */
typedef struct lightspeed_blocks lightspeed_blocks;

/**
 * A token that stops the calls it was handed to. Owned by the caller; free it with `lightspeed_cancel_free` when they have
 * returned. May be shared between threads. Once raised it stays so: take a new one for the next call.
 */
typedef struct lightspeed_cancel lightspeed_cancel;

/**
 * Why a call failed. Owned by the caller; free it with `lightspeed_error_free`. It never changes and may be shared
 * between threads.
 */
typedef struct lightspeed_error lightspeed_error;

/**
 * What a change affects. Owned by the caller; free it with `lightspeed_selection_free`. It never changes, does not need
 * its session, and may be shared between threads.
 */
typedef struct lightspeed_selection lightspeed_selection;

/**
 * An opened session. Owned by the caller; free it with `lightspeed_session_free`, before or after what it returned. It
 * holds no process and no open file between calls, and may be shared between threads, calls at the same time included.
 */
typedef struct lightspeed_session lightspeed_session;

/**
 * Borrowed text: `len` bytes of UTF-8 at `ptr`, which need not end in NUL. With `len` 0 `ptr` is ignored.
 *
 * Into the library it is read during the call only. Out of it, it is valid as long as its function says, and `ptr` is
 * never NULL.
 */
typedef struct lightspeed_str {
    /**
     * The first byte.
     */
    const char *ptr;
    /**
     * Number of bytes, a final NUL not counted.
     */
    size_t len;
} lightspeed_str;

/**
 * Text that is owned by the caller; free it with `lightspeed_buf_free`. `len` bytes of UTF-8, and a NUL after them.
 */
typedef struct lightspeed_buf {
    /**
     * The first byte.
     */
    char *ptr;
    /**
     * Number of bytes, the final NUL not counted. Not to be changed: freeing relies on it.
     */
    size_t len;
} lightspeed_buf;

/**
 * How to analyse. Begin with `LIGHTSPEED_BLOCKS_OPTIONS_INIT` or `lightspeed_blocks_options_init`. Read during the call
 * only.
 */
typedef struct lightspeed_blocks_options {
    /**
     * Size of the struct in bytes.
     */
    size_t struct_size;
    /**
     * 1 counts docstrings as code; else 0.
     */
    int32_t docstrings;
} lightspeed_blocks_options;

/**
 * Borrowed bytes of any content: `len` of them at `ptr`. With `len` 0 `ptr` is ignored. Read during the call only.
 */
typedef struct lightspeed_bytes {
    /**
     * The first byte.
     */
    const uint8_t *ptr;
    /**
     * Number of bytes.
     */
    size_t len;
} lightspeed_bytes;

/**
 * What a session is opened with. Begin with `LIGHTSPEED_SESSION_OPTIONS_INIT` or `lightspeed_session_options_init`.
 * Read during the call only.
 */
typedef struct lightspeed_session_options {
    /**
     * Size of the struct in bytes.
     */
    size_t struct_size;
    /**
     * The directory that relative paths start from; empty for the process's own.
     */
    struct lightspeed_str cwd;
    /**
     * The sources under change; empty takes what the last survey was told.
     */
    struct lightspeed_str source_root;
    /**
     * The Python that runs the suite, a path or a name on PATH; empty takes that of the last survey, else the active
     * environment's.
     */
    struct lightspeed_str python;
    /**
     * Where the database lies; empty for the configuration's `results_dir`.
     */
    struct lightspeed_str results_dir;
    /**
     * A `lightspeed_launch`.
     */
    int32_t launch;
} lightspeed_session_options;

/**
 * How to select. Begin with `LIGHTSPEED_SELECT_OPTIONS_INIT` or `lightspeed_select_options_init`. Read during the call
 * only.
 */
typedef struct lightspeed_select_options {
    /**
     * Size of the struct in bytes.
     */
    size_t struct_size;
    /**
     * Changes of one file that affect more than this share of the suite, where as large a share executes it, are left
     * out and reported as a hotfile; 0 to 1, and 1 leaves nothing out.
     */
    double hotfile_threshold;
    /**
     * 1 selects everything where the environment differs from the survey's; else 0.
     */
    int32_t strict_environment;
    /**
     * A `lightspeed_policy`.
     */
    int32_t policy;
    /**
     * Stops the call when raised; NULL for never. Borrowed until the call returns.
     */
    const struct lightspeed_cancel *cancel;
} lightspeed_select_options;

/**
 * How a report looks. Begin with `LIGHTSPEED_REPORT_OPTIONS_INIT` or `lightspeed_report_options_init`. Read during the call
 * only.
 */
typedef struct lightspeed_report_options {
    /**
     * Size of the struct in bytes.
     */
    size_t struct_size;
    /**
     * Columns to fit into, up to 65535; 0 does not wrap.
     */
    uint32_t width;
    /**
     * 1 colours with the escape sequences of terminals; else 0.
     */
    int32_t colour;
} lightspeed_report_options;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * The version of the library, as `0.1.0`. Static and NUL-terminated. From any thread.
 */
struct lightspeed_str lightspeed_version(void);

/**
 * The version of the binary interface. A program compares it with `LIGHTSPEED_ABI_VERSION` of the header that it was
 * built with, before any other call, and does not go on if they differ. From any thread.
 */
uint32_t lightspeed_abi_version(void);

/**
 * The name of a status without its prefix, `INVALID_ARGUMENT`; `UNKNOWN` for a number that this release does not know.
 * Static and NUL-terminated. From any thread.
 */
struct lightspeed_str lightspeed_status_name(int32_t status);

/**
 * The text up to the NUL that ends it, borrowed until the caller changes or frees it. NULL gives the empty text.
 * From any thread.
 */
struct lightspeed_str lightspeed_str_of(const char *text);

/**
 * Frees the text and empties the struct, so that freeing twice does no harm. NULL and an empty struct are no-ops.
 * From any thread, one at a time.
 */
void lightspeed_buf_free(struct lightspeed_buf *buf);

/**
 * The status that the call answered. NULL gives OK.
 */
lightspeed_status lightspeed_error_code(const struct lightspeed_error *error);

/**
 * One sentence that says what was wrong and what to do. Borrowed until the error is freed. NULL gives the empty text.
 */
struct lightspeed_str lightspeed_error_message(const struct lightspeed_error *error);

/**
 * What stands behind the message: a traceback, or the end of what a process wrote; often empty. Borrowed until the error
 * is freed. NULL gives the empty text.
 */
struct lightspeed_str lightspeed_error_detail(const struct lightspeed_error *error);

/**
 * The file or directory that the error is about; empty where it is about none. Borrowed until the error is freed. NULL
 * gives the empty text.
 */
struct lightspeed_str lightspeed_error_path(const struct lightspeed_error *error);

/**
 * The line in that file, from 1; 0 where there is none, and for NULL.
 */
uint32_t lightspeed_error_line(const struct lightspeed_error *error);

/**
 * Frees an error. NULL is a no-op. Consumes `error`.
 */
void lightspeed_error_free(struct lightspeed_error *error);

/**
 * Makes a token that is not raised. Writes `*cancel`, owned by the caller. From any thread.
 *
 * Errors: INVALID_ARGUMENT.
 */
lightspeed_status lightspeed_cancel_new(struct lightspeed_cancel **cancel,
                                        struct lightspeed_error **err);

/**
 * Raises the token: calls that it was handed to return CANCELLED soon. From any thread and from a signal handler, as
 * often as you like. NULL is a no-op.
 */
void lightspeed_cancel_raise(const struct lightspeed_cancel *cancel);

/**
 * Whether the token was raised. From any thread. NULL gives false.
 */
bool lightspeed_cancel_is_raised(const struct lightspeed_cancel *cancel);

/**
 * Frees a token. NULL is a no-op. Consumes `cancel`.
 */
void lightspeed_cancel_free(struct lightspeed_cancel *cancel);

/**
 * Writes the defaults into `options`, a struct of `struct_size` bytes: pass `sizeof(lightspeed_blocks_options)`.
 *
 * Errors: INVALID_ARGUMENT where no release had a struct of this size.
 */
lightspeed_status lightspeed_blocks_options_init(struct lightspeed_blocks_options *options,
                                                 size_t struct_size,
                                                 struct lightspeed_error **err);

/**
 * Analyses Python source: the bytes of a file, in the encoding that they declare. Touches no file.
 *
 * `options` may be NULL for the defaults. What cannot be read is no error but a diagnostic. Writes `*blocks`, owned by the
 * caller, in the order of first lines; the first is the module. From any thread.
 *
 * Errors: INVALID_ARGUMENT.
 */
lightspeed_status lightspeed_blocks_analyse(struct lightspeed_bytes source,
                                            const struct lightspeed_blocks_options *options,
                                            struct lightspeed_blocks **blocks,
                                            struct lightspeed_error **err);

/**
 * Frees blocks and the texts borrowed from them. NULL is a no-op. Consumes `blocks`.
 */
void lightspeed_blocks_free(struct lightspeed_blocks *blocks);

/**
 * How many blocks there are. NULL gives 0.
 */
size_t lightspeed_blocks_count(const struct lightspeed_blocks *blocks);

/**
 * The identity of a block inside its file: its qualified name, branches below it, `Class.method/if[0].else`. Writes `*id`,
 * borrowed until the blocks are freed.
 *
 * Errors: INVALID_ARGUMENT; OUT_OF_RANGE where `index` is not below `lightspeed_blocks_count`.
 */
lightspeed_status lightspeed_blocks_id(const struct lightspeed_blocks *blocks,
                                       size_t index,
                                       struct lightspeed_str *id,
                                       struct lightspeed_error **err);

/**
 * The kind of a block. Writes `*kind`, a `lightspeed_block_kind`; later releases may have more of them.
 *
 * Errors: as `lightspeed_blocks_id`.
 */
lightspeed_status lightspeed_blocks_kind(const struct lightspeed_blocks *blocks,
                                         size_t index,
                                         int32_t *kind,
                                         struct lightspeed_error **err);

/**
 * The lines of a block, from 1, both included. Writes `*start_line` and `*end_line`.
 *
 * Errors: as `lightspeed_blocks_id`.
 */
lightspeed_status lightspeed_blocks_lines(const struct lightspeed_blocks *blocks,
                                          size_t index,
                                          uint32_t *start_line,
                                          uint32_t *end_line,
                                          struct lightspeed_error **err);

/**
 * The checksum of a block's own statements: CRC-32 of a form in which layout and comments do not count. Writes
 * `*checksum`.
 *
 * Errors: as `lightspeed_blocks_id`.
 */
lightspeed_status lightspeed_blocks_checksum(const struct lightspeed_blocks *blocks,
                                             size_t index,
                                             uint32_t *checksum,
                                             struct lightspeed_error **err);

/**
 * How many parts of the file could not be read; whatever depends on such a part counts as affected. NULL gives 0.
 */
size_t lightspeed_blocks_diagnostic_count(const struct lightspeed_blocks *blocks);

/**
 * What could not be read: writes `*text`, borrowed until the blocks are freed, and its first line to `*line`.
 *
 * Errors: INVALID_ARGUMENT; OUT_OF_RANGE where `index` is not below `lightspeed_blocks_diagnostic_count`.
 */
lightspeed_status lightspeed_blocks_diagnostic(const struct lightspeed_blocks *blocks,
                                               size_t index,
                                               struct lightspeed_str *text,
                                               uint32_t *line,
                                               struct lightspeed_error **err);

/**
 * Writes the defaults into `options`, a struct of `struct_size` bytes: pass `sizeof(lightspeed_session_options)`.
 *
 * Errors: INVALID_ARGUMENT where no release had a struct of this size.
 */
lightspeed_status lightspeed_session_options_init(struct lightspeed_session_options *options,
                                                  size_t struct_size,
                                                  struct lightspeed_error **err);

/**
 * Writes the defaults into `options`, a struct of `struct_size` bytes: pass `sizeof(lightspeed_select_options)`.
 *
 * Errors: INVALID_ARGUMENT where no release had a struct of this size.
 */
lightspeed_status lightspeed_select_options_init(struct lightspeed_select_options *options,
                                                 size_t struct_size,
                                                 struct lightspeed_error **err);

/**
 * Opens a session; reads the configuration and touches nothing else.
 *
 * `config` is the path of the suite's `asv.conf.json`; empty finds the one that there is in or below the directory of the
 * options. `options` may be NULL for the defaults. Writes `*session`, owned by the caller.
 *
 * Errors: INVALID_ARGUMENT; CONFIG where there is no configuration, there are several, or it is broken (with path and
 * line); IO.
 */
lightspeed_status lightspeed_session_open(struct lightspeed_str config,
                                          const struct lightspeed_session_options *options,
                                          struct lightspeed_session **session,
                                          struct lightspeed_error **err);

/**
 * Frees a session. NULL is a no-op. Consumes `session`; selections live on.
 */
void lightspeed_session_free(struct lightspeed_session *session);

/**
 * Says what the named changes affect.
 *
 * `files` are `count` paths of changed files or directories, relative to the session's directory, the source root or the
 * repository; with a `count` of 0 nothing changed and nothing is affected. `options` may be NULL for the defaults. Starts
 * no Python unless files of the suite changed. Writes `*selection`, owned by the caller.
 *
 * Errors: INVALID_ARGUMENT; UNKNOWN_FILE; NO_SURVEY; DATABASE, VERSION, BUSY; IO; CANCELLED; POISONED; where files of the
 * suite changed also PYTHON, SUITE, PROCESS.
 */
lightspeed_status lightspeed_session_select_files(const struct lightspeed_session *session,
                                                  const struct lightspeed_str *files,
                                                  size_t count,
                                                  const struct lightspeed_select_options *options,
                                                  struct lightspeed_selection **selection,
                                                  struct lightspeed_error **err);

/**
 * Says what git's changes affect: what differs from the revision `base`, from the last commit if that is empty;
 * untracked and deleted files included.
 *
 * `options` may be NULL for the defaults. Writes `*selection`, owned by the caller.
 *
 * Errors: as `lightspeed_session_select_files`; GIT.
 */
lightspeed_status lightspeed_session_select_git(const struct lightspeed_session *session,
                                                struct lightspeed_str base,
                                                const struct lightspeed_select_options *options,
                                                struct lightspeed_selection **selection,
                                                struct lightspeed_error **err);

/**
 * Says what every difference between the tree and the survey affects.
 *
 * `options` may be NULL for the defaults. Writes `*selection`, owned by the caller.
 *
 * Errors: as `lightspeed_session_select_files`.
 */
lightspeed_status lightspeed_session_select_survey(const struct lightspeed_session *session,
                                                   const struct lightspeed_select_options *options,
                                                   struct lightspeed_selection **selection,
                                                   struct lightspeed_error **err);

/**
 * Frees a selection and the texts borrowed from it. NULL is a no-op. Consumes `selection`.
 */
void lightspeed_selection_free(struct lightspeed_selection *selection);

/**
 * How many benchmark instances are affected. NULL gives 0.
 */
size_t lightspeed_selection_count(const struct lightspeed_selection *selection);

/**
 * How many benchmark instances are not affected, left-out changes of hotfiles included. NULL gives 0.
 */
size_t lightspeed_selection_unaffected_count(const struct lightspeed_selection *selection);

/**
 * The id of an affected instance, `name` or `name-K`, in the order of the suite. Writes `*benchmark`, borrowed until the
 * selection is freed.
 *
 * Errors: INVALID_ARGUMENT; OUT_OF_RANGE where `index` is not below `lightspeed_selection_count`.
 */
lightspeed_status lightspeed_selection_benchmark(const struct lightspeed_selection *selection,
                                                 size_t index,
                                                 struct lightspeed_str *benchmark,
                                                 struct lightspeed_error **err);

/**
 * How many reasons an affected instance has, at least one. Writes `*count`.
 *
 * Errors: as `lightspeed_selection_benchmark`.
 */
lightspeed_status lightspeed_selection_reason_count(const struct lightspeed_selection *selection,
                                                    size_t index,
                                                    size_t *count,
                                                    struct lightspeed_error **err);

/**
 * A reason of an affected instance, in words. Writes `*text`, borrowed until the selection is freed. The JSON document has
 * the reason's parts.
 *
 * Errors: INVALID_ARGUMENT; OUT_OF_RANGE where `index` or `reason` is not below its count.
 */
lightspeed_status lightspeed_selection_reason(const struct lightspeed_selection *selection,
                                              size_t index,
                                              size_t reason,
                                              struct lightspeed_str *text,
                                              struct lightspeed_error **err);

/**
 * The whole selection as a JSON document, the one that `lightspeed select --json` prints
 * (docs/schemas/select.json). Writes `*json`, owned by the caller.
 *
 * Errors: INVALID_ARGUMENT.
 */
lightspeed_status lightspeed_selection_json(const struct lightspeed_selection *selection,
                                            struct lightspeed_buf *json,
                                            struct lightspeed_error **err);

/**
 * Writes the defaults into `options`, a struct of `struct_size` bytes: pass `sizeof(lightspeed_report_options)`.
 *
 * Errors: INVALID_ARGUMENT where no release had a struct of this size.
 */
lightspeed_status lightspeed_report_options_init(struct lightspeed_report_options *options,
                                                 size_t struct_size,
                                                 struct lightspeed_error **err);

/**
 * The text of a JSON document of this library or its program (`"schema": "lightspeed.measure/1"`), as the program prints it.
 *
 * `options` may be NULL for the defaults: no wrapping, no colours. Writes `*text`, owned by the caller: lines, without a line
 * end after the last. From any thread.
 *
 * Errors: INVALID_ARGUMENT, also where the document is no JSON, of another version, or not what its schema says.
 */
lightspeed_status lightspeed_report_text(struct lightspeed_str document,
                                         const struct lightspeed_report_options *options,
                                         struct lightspeed_buf *text,
                                         struct lightspeed_error **err);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* LIGHTSPEED_H */
