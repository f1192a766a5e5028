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
#define LIGHTSPEED_SELECT_OPTIONS_INIT \
    { sizeof(lightspeed_select_options), 0.5, 0, 0, NULL, NULL, NULL }

/** The defaults of lightspeed_init_options, as an initialiser. */
#define LIGHTSPEED_INIT_OPTIONS_INIT \
    { sizeof(lightspeed_init_options), 0, 0, -1.0, LIGHTSPEED_STR_EMPTY, -1, -1, -1.0, NULL, NULL, NULL }

/** The defaults of lightspeed_paired_options, as an initialiser. */
#define LIGHTSPEED_PAIRED_OPTIONS_INIT \
    { sizeof(lightspeed_paired_options), LIGHTSPEED_STR_EMPTY, 60, -1.0, 0, 1 }

/** The defaults of lightspeed_measure_options, as an initialiser. */
#define LIGHTSPEED_MEASURE_OPTIONS_INIT \
    { sizeof(lightspeed_measure_options), -1, -1, -1.0, LIGHTSPEED_STR_EMPTY, 0.02, 0.05, 0, NULL, NULL, NULL, NULL }

/** The defaults of lightspeed_pair_options, as an initialiser; the commands have none. */
#define LIGHTSPEED_PAIR_OPTIONS_INIT \
    { sizeof(lightspeed_pair_options), LIGHTSPEED_STR_EMPTY, NULL, 0, NULL, 0, LIGHTSPEED_STR_EMPTY, \
      60.0, 1, 0, 60, 0.05, 0.05, 0, 1, 0, -1.0, NULL, NULL, NULL }

/** The defaults of lightspeed_experiment_options, as an initialiser. */
#define LIGHTSPEED_EXPERIMENT_OPTIONS_INIT \
    { sizeof(lightspeed_experiment_options), LIGHTSPEED_DESIGN_UNTIL_DECIDED, 60, 1, 0.05, 0.02, 0, 1, 0, -1.0, 0 }

/** The defaults of lightspeed_compare_options, as an initialiser. */
#define LIGHTSPEED_COMPARE_OPTIONS_INIT { sizeof(lightspeed_compare_options), 0.05, 0.02, 0 }

/** The defaults of lightspeed_blocks_options, as an initialiser. */
#define LIGHTSPEED_BLOCKS_OPTIONS_INIT { sizeof(lightspeed_blocks_options), 0, LIGHTSPEED_LANGUAGE_PYTHON }

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
     * An argument is NULL, no UTF-8, out of its range or of an unknown size, or the call comes when it may not: a fault of
     * the caller.
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
    /**
     * Numbers that have no such statistic; the error's detail is the name of the cause, such as `NotPositive`.
     */
    LIGHTSPEED_STATUS_STATISTICS = 21,
    /**
     * A coverage report that cannot be used.
     */
    LIGHTSPEED_STATUS_COVERAGE = 22,
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
 * Languages whose sources are followed by blocks.
 */
enum lightspeed_language
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * Python 3.
     */
    LIGHTSPEED_LANGUAGE_PYTHON = 0,
    /**
     * Go. Its types stand for classes, for those methods that the file declares.
     */
    LIGHTSPEED_LANGUAGE_GO = 1,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum lightspeed_language lightspeed_language;
#else
typedef int32_t lightspeed_language;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What kind of event.
 */
enum lightspeed_event_kind
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * A stretch of work of `total` items, 0 where they are not counted beforehand, begins; `text` names it: `survey` …
     */
    LIGHTSPEED_EVENT_KIND_BEGIN = 0,
    /**
     * An item is worked on; `text` is its name.
     */
    LIGHTSPEED_EVENT_KIND_ITEM = 1,
    /**
     * An item is done.
     */
    LIGHTSPEED_EVENT_KIND_DONE = 2,
    /**
     * A run ended, or what runs is known in detail, said in `text`: for who wants to know it all.
     */
    LIGHTSPEED_EVENT_KIND_RAN = 3,
    /**
     * Something worth a line, said in `text`.
     */
    LIGHTSPEED_EVENT_KIND_NOTE = 4,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum lightspeed_event_kind lightspeed_event_kind;
#else
typedef int32_t lightspeed_event_kind;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What happened to a benchmark.
 */
enum lightspeed_outcome
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * Measured, and there is something to compare with.
     */
    LIGHTSPEED_OUTCOME_OK = 0,
    /**
     * It raised an error, exited or crashed.
     */
    LIGHTSPEED_OUTCOME_FAILED = 1,
    /**
     * Its time was up.
     */
    LIGHTSPEED_OUTCOME_TIMED_OUT = 2,
    /**
     * It asked to be skipped.
     */
    LIGHTSPEED_OUTCOME_SKIPPED = 3,
    /**
     * It ran and gave no number that could be compared.
     */
    LIGHTSPEED_OUTCOME_UNMEASURABLE = 4,
    /**
     * Measured, but the baseline is one of something else.
     */
    LIGHTSPEED_OUTCOME_INCOMPARABLE = 5,
    /**
     * Measured, but there is no baseline.
     */
    LIGHTSPEED_OUTCOME_NO_BASELINE = 6,
    /**
     * Measured; there was no such benchmark before.
     */
    LIGHTSPEED_OUTCOME_NEW = 7,
    /**
     * There is no such benchmark any more.
     */
    LIGHTSPEED_OUTCOME_REMOVED = 8,
    /**
     * The budget was spent, or the experiment ended, before its turn.
     */
    LIGHTSPEED_OUTCOME_NOT_RUN_BUDGET = 9,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum lightspeed_outcome lightspeed_outcome;
#else
typedef int32_t lightspeed_outcome;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What the evidence says.
 */
enum lightspeed_verdict
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * There is no evidence: nothing was compared.
     */
    LIGHTSPEED_VERDICT_NONE = 0,
    /**
     * Slower, beyond the margin.
     */
    LIGHTSPEED_VERDICT_REGRESSED = 1,
    /**
     * Faster, beyond the margin.
     */
    LIGHTSPEED_VERDICT_IMPROVED = 2,
    /**
     * Slower, perhaps by less than the margin.
     */
    LIGHTSPEED_VERDICT_SLOWER_MINOR = 3,
    /**
     * Faster, perhaps by less than the margin.
     */
    LIGHTSPEED_VERDICT_FASTER_MINOR = 4,
    /**
     * No change beyond the margin.
     */
    LIGHTSPEED_VERDICT_EQUIVALENT = 5,
    /**
     * These runs cannot tell.
     */
    LIGHTSPEED_VERDICT_INCONCLUSIVE = 6,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum lightspeed_verdict lightspeed_verdict;
#else
typedef int32_t lightspeed_verdict;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What to do. Later ones are worse.
 */
enum lightspeed_gate
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * Nothing depends on it.
     */
    LIGHTSPEED_GATE_NONE = 0,
    /**
     * Let it through.
     */
    LIGHTSPEED_GATE_PASS = 1,
    /**
     * Let it through, and say so.
     */
    LIGHTSPEED_GATE_WARN = 2,
    /**
     * Stop it.
     */
    LIGHTSPEED_GATE_FAIL = 3,
    /**
     * A benchmark is broken: nothing can be said.
     */
    LIGHTSPEED_GATE_ERROR = 4,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum lightspeed_gate lightspeed_gate;
#else
typedef int32_t lightspeed_gate;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * How runs are arranged and when they end. Benchmarks go in rounds; the order of the sides is random in blocks of two pairs. A
 * sweep, which has axes and no benchmarks, is a plan.
 */
enum lightspeed_design
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * A fixed number of runs of each side, compared as two samples.
     */
    LIGHTSPEED_DESIGN_TWO_SAMPLES = 0,
    /**
     * A fixed number of pairs, compared by signed ranks.
     */
    LIGHTSPEED_DESIGN_PAIRS = 1,
    /**
     * Pairs until the evidence suffices, looked at after each.
     */
    LIGHTSPEED_DESIGN_UNTIL_DECIDED = 2,
    /**
     * Both sides are the baseline: what does noise alone look like?
     */
    LIGHTSPEED_DESIGN_CALIBRATION = 3,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum lightspeed_design lightspeed_design;
#else
typedef int32_t lightspeed_design;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * Which code a run is of.
 */
enum lightspeed_side
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * Before the change. All runs of a sweep, which is of one code.
     */
    LIGHTSPEED_SIDE_BASELINE = 0,
    /**
     * After the change; in a calibration before it too.
     */
    LIGHTSPEED_SIDE_CURRENT = 1,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum lightspeed_side lightspeed_side;
#else
typedef int32_t lightspeed_side;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * Formats of coverage reports.
 */
enum lightspeed_coverage_format
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * Whatever it is: its first bytes tell.
     */
    LIGHTSPEED_COVERAGE_FORMAT_ANY = 0,
    /**
     * A tracefile of lcov, which gcov's converters, coverage.py and llvm-cov write too.
     */
    LIGHTSPEED_COVERAGE_FORMAT_LCOV = 1,
    /**
     * Cobertura's XML.
     */
    LIGHTSPEED_COVERAGE_FORMAT_COBERTURA = 2,
    /**
     * What `coverage json` writes.
     */
    LIGHTSPEED_COVERAGE_FORMAT_COVERAGE_PY = 3,
    /**
     * A cover profile of Go.
     */
    LIGHTSPEED_COVERAGE_FORMAT_GO_COVER = 4,
    /**
     * What `llvm-cov export` writes.
     */
    LIGHTSPEED_COVERAGE_FORMAT_LLVM_COV = 5,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum lightspeed_coverage_format lightspeed_coverage_format;
#else
typedef int32_t lightspeed_coverage_format;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * What a database is opened for.
 */
enum lightspeed_store_mode
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * To be read. It must be there.
     */
    LIGHTSPEED_STORE_MODE_READ = 0,
    /**
     * To be written as well. It is made where it is not there.
     */
    LIGHTSPEED_STORE_MODE_WRITE = 1,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum lightspeed_store_mode lightspeed_store_mode;
#else
typedef int32_t lightspeed_store_mode;
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
 * Which lines of which files ran. Owned by the caller; free it with `lightspeed_coverage_free`. It never changes and may
 * be shared between threads.
 */
typedef struct lightspeed_coverage lightspeed_coverage;

/**
 * Why a call failed. Owned by the caller; free it with `lightspeed_error_free`. It never changes and may be shared
 * between threads.
 */
typedef struct lightspeed_error lightspeed_error;

/**
 * An experiment under way. Owned by the caller; free it with `lightspeed_experiment_free`. It starts nothing and reads no
 * clock. Functions that take it without `const` change it and need it for themselves; the others may be called by several
 * threads at once.
 */
typedef struct lightspeed_experiment lightspeed_experiment;

/**
 * What each benchmark executed. Owned by the caller; free it with `lightspeed_index_free`. It never changes and may be
 * shared between threads.
 */
typedef struct lightspeed_index lightspeed_index;

/**
 * What measuring gave. Owned by the caller; free it with `lightspeed_measurement_free`. It never changes, does not need its
 * session, and may be shared between threads.
 */
typedef struct lightspeed_measurement lightspeed_measurement;

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
 * An open database, the one file that sessions use too. Owned by the caller; free it with `lightspeed_store_free`. May be
 * shared between threads, which take turns. Other processes may read it, and delete from it, meanwhile.
 */
typedef struct lightspeed_store lightspeed_store;

/**
 * A survey that is being put together. Owned by the caller; free it with `lightspeed_survey_free`, or hand it to
 * `lightspeed_survey_finish`. For one thread at a time.
 */
typedef struct lightspeed_survey lightspeed_survey;

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
 * Text that is owned by the caller; free it with `lightspeed_buf_free`. `len` bytes of UTF-8, or of
 * whatever a function says, and a NUL after them.
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
    /**
     * A `lightspeed_language`. Surveys do not look at it: they go by the names of files.
     */
    int32_t language;
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
 * A step of a call's work. Later releases may append fields: use it where it lies, through the pointer.
 */
typedef struct lightspeed_event {
    /**
     * A `lightspeed_event_kind`; later releases may have more of them.
     */
    int32_t kind;
    /**
     * As the kind says, else empty. Borrowed until the listener returns.
     */
    struct lightspeed_str text;
    /**
     * Of BEGIN, how many items the stretch has; else 0.
     */
    size_t total;
} lightspeed_event;

/**
 * Hears what a call does: `userdata` is what stands beside it in the options, `event` is borrowed until it returns.
 *
 * It is called on the thread that made the call, while that call runs. A return other than 0 stops the call, which then
 * answers CANCELLED and calls it no more; the token in the options is not raised by that. Calls on the same session from
 * inside it are refused with INVALID_ARGUMENT; all other calls may be made. No exception or `longjmp` may leave it.
 */
typedef int32_t (*lightspeed_listener)(void *userdata, const struct lightspeed_event *event);

/**
 * How to initialise. Begin with `LIGHTSPEED_INIT_OPTIONS_INIT` or `lightspeed_init_options_init`. Read during the call only.
 */
typedef struct lightspeed_init_options {
    /**
     * Size of the struct in bytes.
     */
    size_t struct_size;
    /**
     * 1 surveys and measures everything again; 0 keeps what is still true.
     */
    int32_t force;
    /**
     * 1 leaves the baseline timing out; else 0.
     */
    int32_t survey_only;
    /**
     * Seconds to wait for another process's survey; negative for as long as it takes.
     */
    double wait_s;
    /**
     * The revision of the sources to survey and measure; empty for the tree as it is.
     */
    struct lightspeed_str base_commit;
    /**
     * Process runs of each timed benchmark, from 1; negative for the benchmark's own number.
     */
    int64_t rounds;
    /**
     * Samples in each run, from 1; negative for the benchmark's own number.
     */
    int64_t repeat;
    /**
     * Seconds in each run before samples count; negative for the benchmark's own.
     */
    double warmup_time;
    /**
     * Stops the call when raised; NULL for never. Borrowed until the call returns.
     */
    const struct lightspeed_cancel *cancel;
    /**
     * Hears what the call does; NULL for nobody.
     */
    lightspeed_listener listener;
    /**
     * Handed to `listener`.
     */
    void *userdata;
} lightspeed_init_options;

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
    /**
     * Hears what the call does; NULL for nobody.
     */
    lightspeed_listener listener;
    /**
     * Handed to `listener`.
     */
    void *userdata;
} lightspeed_select_options;

/**
 * How to measure in pairs: the tree before the change and the tree as it is, in turn, until it is known whether they differ.
 * Begin with `LIGHTSPEED_PAIRED_OPTIONS_INIT` or `lightspeed_paired_options_init`. Read during the call only.
 */
typedef struct lightspeed_paired_options {
    /**
     * Size of the struct in bytes.
     */
    size_t struct_size;
    /**
     * The revision before the change; empty for the one that git compared with, else the last commit.
     */
    struct lightspeed_str base;
    /**
     * Pairs of each instance at most.
     */
    size_t most_pairs;
    /**
     * Seconds that all runs may take together; what is undecided then stays so. Negative for no limit.
     */
    double budget_s;
    /**
     * Decides every order, where `random_seed` is 0.
     */
    uint64_t seed;
    /**
     * 1 takes a seed that nothing decides, and `seed` must be 0 then; 0 takes `seed`. The document says which one it was.
     */
    int32_t random_seed;
} lightspeed_paired_options;

/**
 * How to measure and compare. Begin with `LIGHTSPEED_MEASURE_OPTIONS_INIT` or `lightspeed_measure_options_init`. Read during
 * the call only.
 */
typedef struct lightspeed_measure_options {
    /**
     * Size of the struct in bytes.
     */
    size_t struct_size;
    /**
     * Process runs of each timed benchmark, from 1; negative for the benchmark's own number.
     */
    int64_t rounds;
    /**
     * Samples in each run, from 1; negative for the benchmark's own number.
     */
    int64_t repeat;
    /**
     * Seconds in each run before samples count; negative for the benchmark's own.
     */
    double warmup_time;
    /**
     * Results are kept in the database as the step of this name; empty keeps none.
     */
    struct lightspeed_str step_id;
    /**
     * Changes up to this fraction do not matter: 0.02 is 2 %.
     */
    double margin;
    /**
     * Probability of claiming a change where there is none, above 0 and below 1.
     */
    double alpha;
    /**
     * 1 refuses to measure where a baseline is of another class of machine; 0 says so of each instance.
     */
    int32_t strict_host;
    /**
     * How to measure in pairs, as many rounds as it takes to decide: `rounds` is not given then. NULL compares with the stored baselines
     * instead. Read during the call only.
     */
    const struct lightspeed_paired_options *paired;
    /**
     * Stops the call when raised; NULL for never. Borrowed until the call returns.
     */
    const struct lightspeed_cancel *cancel;
    /**
     * Hears what the call does; NULL for nobody.
     */
    lightspeed_listener listener;
    /**
     * Handed to `listener`.
     */
    void *userdata;
} lightspeed_measure_options;

/**
 * What came of one benchmark. A number that there is none of is NaN.
 */
typedef struct lightspeed_result {
    /**
     * What happened, a `lightspeed_outcome`; later releases may have more of them.
     */
    int32_t outcome;
    /**
     * What the evidence says, a `lightspeed_verdict`; LIGHTSPEED_VERDICT_NONE where there is none.
     */
    int32_t verdict;
    /**
     * What to do about it, a `lightspeed_gate`; LIGHTSPEED_GATE_NONE for a negative control and a point of a sweep.
     */
    int32_t gate;
    /**
     * 1 for a negative control, which runs along to show whether the environment moves; else 0.
     */
    int32_t control;
    /**
     * Median before the change, in the benchmark's unit; of a sweep at the smallest point of the line.
     */
    double baseline;
    /**
     * Median now, in the benchmark's unit; of a sweep at this point.
     */
    double current;
    /**
     * Estimate of current/baseline.
     */
    double ratio;
    /**
     * Lower end of the ratio's interval at 1 − alpha; NaN also where the samples do not bound it.
     */
    double low;
    /**
     * Upper end of that interval.
     */
    double high;
    /**
     * The change in per cent; a rise is positive.
     */
    double delta_pct;
    /**
     * Two-sided p-value of "no difference"; NaN where pairs were run until they decided.
     */
    double p_value;
    /**
     * Evidence against "no change beyond the margin", valid whenever one stops; NaN also where it exceeds a double.
     */
    double e_value;
    /**
     * The smallest change beyond the margin, a fraction, that runs like these could have shown.
     */
    double smallest_effect;
    /**
     * Complete pairs; of a sweep the rounds; of two samples, the values of the smaller one; 0 where a session did not measure in pairs.
     */
    size_t pairs;
} lightspeed_result;

/**
 * Which commands to run, how often, and what counts as a change. Begin with `LIGHTSPEED_PAIR_OPTIONS_INIT` or
 * `lightspeed_pair_options_init`. Read during the call only.
 */
typedef struct lightspeed_pair_options {
    /**
     * Size of the struct in bytes.
     */
    size_t struct_size;
    /**
     * What it is called in the receipt; empty for `pair`.
     */
    struct lightspeed_str name;
    /**
     * The command before the change: the program, a path or a name on PATH, and its arguments. No shell reads them.
     */
    const struct lightspeed_str *baseline;
    /**
     * How many `baseline` has, the program included; at least 1.
     */
    size_t baseline_count;
    /**
     * The command after the change, likewise.
     */
    const struct lightspeed_str *current;
    /**
     * How many `current` has, the program included; at least 1.
     */
    size_t current_count;
    /**
     * Where both run; empty for the process's own directory.
     */
    struct lightspeed_str cwd;
    /**
     * Seconds that a run may take, above 0.
     */
    double timeout_s;
    /**
     * Pairs that come first and do not count.
     */
    size_t warmup;
    /**
     * Pairs at least. Where that is also the most, the evidence is looked at once, at the end.
     */
    size_t least_pairs;
    /**
     * Pairs at most, from 1.
     */
    size_t most_pairs;
    /**
     * Probability of calling a change where there is none, above 0 and below 1.
     */
    double alpha;
    /**
     * A change of the wall time up to this share does not matter: 0.05 is 5 %.
     */
    double threshold;
    /**
     * Decides the order in the pairs, where `random_seed` is 0.
     */
    uint64_t seed;
    /**
     * 1 takes a seed that nothing decides, and `seed` must be 0 then; 0 takes `seed`. The receipt says which one it was.
     */
    int32_t random_seed;
    /**
     * 1 takes exit codes other than 0 for no failure; else 0.
     */
    int32_t allow_nonzero;
    /**
     * How much work one run does, above 0, for what is told by the piece; negative for none.
     */
    double work_units;
    /**
     * Stops the call when raised; NULL for never. Borrowed until the call returns.
     */
    const struct lightspeed_cancel *cancel;
    /**
     * Hears what the call does; NULL for nobody.
     */
    lightspeed_listener listener;
    /**
     * Handed to `listener`.
     */
    void *userdata;
} lightspeed_pair_options;

/**
 * What an experiment is to find out, and at what cost. Begin with `LIGHTSPEED_EXPERIMENT_OPTIONS_INIT` or
 * `lightspeed_experiment_options_init`. Read during the call only.
 */
typedef struct lightspeed_experiment_options {
    /**
     * Size of the struct in bytes.
     */
    size_t struct_size;
    /**
     * A `lightspeed_design`.
     */
    int32_t design;
    /**
     * Pairs of each benchmark, from 1: at most for UNTIL_DECIDED, exactly for PAIRS, of each comparison for CALIBRATION; for
     * TWO_SAMPLES the runs of each side.
     */
    size_t pairs;
    /**
     * For CALIBRATION: comparisons for each benchmark, from 1. Else not looked at.
     */
    size_t comparisons;
    /**
     * Probability of calling a change where there is none, above 0 and below 1, for each benchmark; controls share it.
     */
    double alpha;
    /**
     * Changes up to this fraction do not matter: 0.02 is 2 %.
     */
    double margin;
    /**
     * Decides every order, where `random_seed` is 0.
     */
    uint64_t seed;
    /**
     * 1 takes a seed that nothing decides, and `seed` must be 0 then; 0 takes `seed`. The results say which one it was.
     */
    int32_t random_seed;
    /**
     * Runs of each side that come first and do not count.
     */
    size_t warmups;
    /**
     * Seconds that runs may take together; negative for no limit.
     */
    double budget_s;
    /**
     * The last so many of the benchmarks are negative controls: proven unaffected by the change, they run along to show
     * whether the environment moves.
     */
    size_t controls;
} lightspeed_experiment_options;

/**
 * A process run that is asked for.
 */
typedef struct lightspeed_run {
    /**
     * Whether there is one. If not, nothing is left to run and the rest is 0 and empty.
     */
    bool more;
    /**
     * Whether it is the first of its pair.
     */
    bool first;
    /**
     * Whether it only warms up: its values do not count.
     */
    bool warmup;
    /**
     * Which code, a `lightspeed_side`.
     */
    int32_t side;
    /**
     * Which benchmark, its place among those the experiment was made of.
     */
    size_t index;
    /**
     * The name of that benchmark; of a sweep a point, `workers=2,level=6`. Borrowed until the experiment is freed.
     */
    struct lightspeed_str benchmark;
    /**
     * Which pair of this benchmark, from 0; of a sweep the round.
     */
    size_t pair;
} lightspeed_run;

/**
 * How far an experiment is.
 */
typedef struct lightspeed_progress {
    /**
     * Runs that were recorded, warm-ups included.
     */
    size_t done;
    /**
     * Runs in all, if those that are not decided go on as far as they may need.
     */
    size_t expected;
    /**
     * Benchmarks with nothing left to run.
     */
    size_t decided;
    /**
     * Benchmarks.
     */
    size_t benchmarks;
    /**
     * Seconds that runs took.
     */
    double spent_s;
} lightspeed_progress;

/**
 * How to compare. Begin with `LIGHTSPEED_COMPARE_OPTIONS_INIT` or `lightspeed_compare_options_init`. Read during the call only.
 */
typedef struct lightspeed_compare_options {
    /**
     * Size of the struct in bytes.
     */
    size_t struct_size;
    /**
     * Probability of claiming a change where there is none, above 0 and below 1.
     */
    double alpha;
    /**
     * Changes up to this fraction do not matter: 0.02 is 2 %.
     */
    double margin;
    /**
     * 1 where the i-th values of both sides belong together; 0 for two samples.
     */
    int32_t paired;
} lightspeed_compare_options;

/**
 * What is worth knowing about one sample. A number that there is none of is NaN.
 */
typedef struct lightspeed_summary {
    /**
     * Number of values.
     */
    size_t n;
    /**
     * Middle of the sample.
     */
    double median;
    /**
     * Lower quartile.
     */
    double q_25;
    /**
     * Upper quartile.
     */
    double q_75;
    /**
     * Lower end of the median's interval of at least 99 %, as ASV computes it; NaN where the sample does not bound it.
     */
    double ci_99_a;
    /**
     * Upper end of that interval.
     */
    double ci_99_b;
    /**
     * Arithmetic mean.
     */
    double mean;
    /**
     * Standard deviation with n − 1; NaN for one value.
     */
    double sd;
    /**
     * Median absolute deviation from the median, unscaled.
     */
    double mad;
    /**
     * Smallest value.
     */
    double min;
    /**
     * Largest value.
     */
    double max;
} lightspeed_summary;

/**
 * A file as it is now. Read during the call only.
 */
typedef struct lightspeed_file {
    /**
     * Its path as the survey names it: relative to the top of the sources, separated by '/'.
     */
    struct lightspeed_str path;
    /**
     * Its content.
     */
    struct lightspeed_bytes content;
    /**
     * 1 where it is gone, whatever `content` says; else 0.
     */
    int32_t deleted;
} lightspeed_file;

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
 * The name of a `lightspeed_outcome` without its prefix, `TIMED_OUT`; `UNKNOWN` for a number that this release does not
 * know. Static and NUL-terminated. From any thread.
 */
struct lightspeed_str lightspeed_outcome_name(int32_t outcome);

/**
 * The name of a `lightspeed_verdict` without its prefix, `SLOWER_MINOR`; `UNKNOWN` for a number that this release does
 * not know. Static and NUL-terminated. From any thread.
 */
struct lightspeed_str lightspeed_verdict_name(int32_t verdict);

/**
 * The name of a `lightspeed_gate` without its prefix, `WARN`; `UNKNOWN` for a number that this release does not know.
 * Static and NUL-terminated. From any thread.
 */
struct lightspeed_str lightspeed_gate_name(int32_t gate);

/**
 * Writes the defaults into `options`, a struct of `struct_size` bytes: pass `sizeof(lightspeed_blocks_options)`.
 *
 * Errors: INVALID_ARGUMENT where no release had a struct of this size.
 */
lightspeed_status lightspeed_blocks_options_init(struct lightspeed_blocks_options *options,
                                                 size_t struct_size,
                                                 struct lightspeed_error **err);

/**
 * Analyses source: the bytes of a file, in the encoding that they declare. Touches no file.
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
 * Frees a session. NULL is a no-op. Consumes `session`; selections and measurements live on. From inside a listener of the
 * session it does nothing.
 */
void lightspeed_session_free(struct lightspeed_session *session);

/**
 * Where the session's database lies, whether there is one yet or not. Writes `*path`, owned by the caller: UTF-8, with
 * U+FFFD for what is none.
 *
 * Errors: INVALID_ARGUMENT; POISONED.
 */
lightspeed_status lightspeed_session_database(const struct lightspeed_session *session,
                                              struct lightspeed_buf *path,
                                              struct lightspeed_error **err);

/**
 * What the database keeps of measurements: the baselines, or, with a `step_id` that is not empty, the results of that
 * step. Writes `*json`, owned by the caller: the document that `lightspeed results --json` prints
 * (docs/schemas/results.json).
 *
 * Errors: INVALID_ARGUMENT, also where there is no such step; NO_SURVEY; DATABASE, VERSION, BUSY; IO; POISONED.
 */
lightspeed_status lightspeed_session_results_json(const struct lightspeed_session *session,
                                                  struct lightspeed_str step_id,
                                                  struct lightspeed_buf *json,
                                                  struct lightspeed_error **err);

/**
 * Writes the defaults into `options`, a struct of `struct_size` bytes: pass `sizeof(lightspeed_init_options)`.
 *
 * Errors: INVALID_ARGUMENT where no release had a struct of this size.
 */
lightspeed_status lightspeed_init_options_init(struct lightspeed_init_options *options,
                                               size_t struct_size,
                                               struct lightspeed_error **err);

/**
 * Surveys the suite and measures its baseline; what is there and still true is kept. Runs the suite's Python.
 *
 * `options` may be NULL for the defaults. Writes `*report_json`, owned by the caller: the document that `lightspeed init --json`
 * prints (docs/schemas/init.json). What goes wrong in one benchmark is in it, and no error.
 *
 * Errors: INVALID_ARGUMENT; NO_SOURCE_ROOT; PYTHON, SUITE, PROCESS; GIT with `base_commit`; CHANGED_MEANWHILE; DATABASE, VERSION;
 * BUSY where another survey ran longer than `wait_s`; IO; CANCELLED, after which the same call goes on where this one ended;
 * POISONED.
 */
lightspeed_status lightspeed_session_init(const struct lightspeed_session *session,
                                          const struct lightspeed_init_options *options,
                                          struct lightspeed_buf *report_json,
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
 * Says what of the named changes reaches a benchmark and on which way, or what of the changed files it uses.
 *
 * `benchmark` is the id of an instance or the name of a benchmark, which stands for all its instances. `files`, `count` and
 * `options` are as for `lightspeed_session_select_files`. Writes `*json`, owned by the caller: the document that
 * `lightspeed explain --json` prints (docs/schemas/explain.json).
 *
 * Errors: as `lightspeed_session_select_files`; INVALID_ARGUMENT also where the suite has no such benchmark.
 */
lightspeed_status lightspeed_session_explain_files(const struct lightspeed_session *session,
                                                   struct lightspeed_str benchmark,
                                                   const struct lightspeed_str *files,
                                                   size_t count,
                                                   const struct lightspeed_select_options *options,
                                                   struct lightspeed_buf *json,
                                                   struct lightspeed_error **err);

/**
 * As `lightspeed_session_explain_files`, with git's changes since the revision `base`, as for
 * `lightspeed_session_select_git`. Writes `*json`, owned by the caller.
 *
 * Errors: as `lightspeed_session_explain_files`; GIT.
 */
lightspeed_status lightspeed_session_explain_git(const struct lightspeed_session *session,
                                                 struct lightspeed_str benchmark,
                                                 struct lightspeed_str base,
                                                 const struct lightspeed_select_options *options,
                                                 struct lightspeed_buf *json,
                                                 struct lightspeed_error **err);

/**
 * As `lightspeed_session_explain_files`, with every difference between the tree and the survey. Writes `*json`, owned by
 * the caller.
 *
 * Errors: as `lightspeed_session_explain_files`.
 */
lightspeed_status lightspeed_session_explain_survey(const struct lightspeed_session *session,
                                                    struct lightspeed_str benchmark,
                                                    const struct lightspeed_select_options *options,
                                                    struct lightspeed_buf *json,
                                                    struct lightspeed_error **err);

/**
 * Writes the defaults into `options`, a struct of `struct_size` bytes: pass `sizeof(lightspeed_paired_options)`.
 *
 * Errors: INVALID_ARGUMENT where no release had a struct of this size.
 */
lightspeed_status lightspeed_paired_options_init(struct lightspeed_paired_options *options,
                                                 size_t struct_size,
                                                 struct lightspeed_error **err);

/**
 * Writes the defaults into `options`, a struct of `struct_size` bytes: pass `sizeof(lightspeed_measure_options)`.
 *
 * Errors: INVALID_ARGUMENT where no release had a struct of this size.
 */
lightspeed_status lightspeed_measure_options_init(struct lightspeed_measure_options *options,
                                                  size_t struct_size,
                                                  struct lightspeed_error **err);

/**
 * Runs what the named changes affect and compares it. Starts no Python where nothing is affected.
 *
 * `files`, `count` and `select` are as for `lightspeed_session_select_files`, but the token and the listener are those of `options`
 * and must be NULL in `select`. `select` and `options` may be NULL for the defaults. What goes wrong in one benchmark is in the
 * measurement, and no error. Writes `*measurement`, owned by the caller.
 *
 * Errors: as `lightspeed_session_select_files`; PYTHON, SUITE, PROCESS; OTHER_HOST with `strict_host`; GIT with `paired`.
 * After CANCELLED the results so far are in the step, if one was named.
 */
lightspeed_status lightspeed_session_measure_files(const struct lightspeed_session *session,
                                                   const struct lightspeed_str *files,
                                                   size_t count,
                                                   const struct lightspeed_select_options *select,
                                                   const struct lightspeed_measure_options *options,
                                                   struct lightspeed_measurement **measurement,
                                                   struct lightspeed_error **err);

/**
 * As `lightspeed_session_measure_files`, for git's changes since the revision `base`, as for
 * `lightspeed_session_select_git`. Writes `*measurement`, owned by the caller.
 *
 * Errors: as `lightspeed_session_measure_files`; GIT.
 */
lightspeed_status lightspeed_session_measure_git(const struct lightspeed_session *session,
                                                 struct lightspeed_str base,
                                                 const struct lightspeed_select_options *select,
                                                 const struct lightspeed_measure_options *options,
                                                 struct lightspeed_measurement **measurement,
                                                 struct lightspeed_error **err);

/**
 * As `lightspeed_session_measure_files`, for every difference between the tree and the survey; in pairs, also for those
 * between the tree and the revision before. Writes `*measurement`, owned by the caller.
 *
 * Errors: as `lightspeed_session_measure_files`.
 */
lightspeed_status lightspeed_session_measure_survey(const struct lightspeed_session *session,
                                                    const struct lightspeed_select_options *select,
                                                    const struct lightspeed_measure_options *options,
                                                    struct lightspeed_measurement **measurement,
                                                    struct lightspeed_error **err);

/**
 * Frees a measurement and the texts borrowed from it. NULL is a no-op. Consumes `measurement`.
 */
void lightspeed_measurement_free(struct lightspeed_measurement *measurement);

/**
 * How many instances it has: every selected one, and those that are no longer in the suite. NULL gives 0.
 */
size_t lightspeed_measurement_count(const struct lightspeed_measurement *measurement);

/**
 * The worst gate of all instances, a `lightspeed_gate`. LIGHTSPEED_GATE_NONE for NULL, and where there are no instances.
 */
int32_t lightspeed_measurement_gate(const struct lightspeed_measurement *measurement);

/**
 * The id of an instance, `name` or `name-K`; they are in the order of their ids. Writes `*benchmark`, borrowed until the
 * measurement is freed.
 *
 * Errors: INVALID_ARGUMENT; OUT_OF_RANGE where `index` is not below `lightspeed_measurement_count`.
 */
lightspeed_status lightspeed_measurement_benchmark(const struct lightspeed_measurement *measurement,
                                                   size_t index,
                                                   struct lightspeed_str *benchmark,
                                                   struct lightspeed_error **err);

/**
 * The numbers of an instance. Writes `*result`.
 *
 * Errors: as `lightspeed_measurement_benchmark`.
 */
lightspeed_status lightspeed_measurement_result(const struct lightspeed_measurement *measurement,
                                                size_t index,
                                                struct lightspeed_result *result,
                                                struct lightspeed_error **err);

/**
 * What an instance's numbers count: `seconds`, `bytes` …; empty where that is not known. Writes `*unit`, borrowed until the
 * measurement is freed.
 *
 * Errors: as `lightspeed_measurement_benchmark`.
 */
lightspeed_status lightspeed_measurement_unit(const struct lightspeed_measurement *measurement,
                                              size_t index,
                                              struct lightspeed_str *unit,
                                              struct lightspeed_error **err);

/**
 * Why an instance's outcome is not OK, or why there is no verdict, in a sentence; empty where neither is so. Writes `*text`,
 * borrowed until the measurement is freed.
 *
 * Errors: as `lightspeed_measurement_benchmark`.
 */
lightspeed_status lightspeed_measurement_message(const struct lightspeed_measurement *measurement,
                                                 size_t index,
                                                 struct lightspeed_str *text,
                                                 struct lightspeed_error **err);

/**
 * How many reasons there are why an instance was selected; 0 where it is no longer in the suite. Writes `*count`.
 *
 * Errors: as `lightspeed_measurement_benchmark`.
 */
lightspeed_status lightspeed_measurement_reason_count(const struct lightspeed_measurement *measurement,
                                                      size_t index,
                                                      size_t *count,
                                                      struct lightspeed_error **err);

/**
 * A reason why an instance was selected, in words, as in its selection. Writes `*text`, borrowed until the measurement is
 * freed. The JSON document has the reason's parts.
 *
 * Errors: INVALID_ARGUMENT; OUT_OF_RANGE where `index` or `reason` is not below its count.
 */
lightspeed_status lightspeed_measurement_reason(const struct lightspeed_measurement *measurement,
                                                size_t index,
                                                size_t reason,
                                                struct lightspeed_str *text,
                                                struct lightspeed_error **err);

/**
 * The whole measurement as a JSON document, the one that `lightspeed measure --json` prints (docs/schemas/measure.json).
 * Writes `*json`, owned by the caller.
 *
 * Errors: INVALID_ARGUMENT.
 */
lightspeed_status lightspeed_measurement_json(const struct lightspeed_measurement *measurement,
                                              struct lightspeed_buf *json,
                                              struct lightspeed_error **err);

/**
 * Writes the defaults into `options`, a struct of `struct_size` bytes: pass `sizeof(lightspeed_pair_options)`. The commands
 * have no defaults.
 *
 * Errors: INVALID_ARGUMENT where no release had a struct of this size.
 */
lightspeed_status lightspeed_pair_options_init(struct lightspeed_pair_options *options,
                                               size_t struct_size,
                                               struct lightspeed_error **err);

/**
 * Runs both commands in turn, warm-ups first, until it is known whether the wall time changed or the pairs are used up. The
 * first run that fails ends it: that is no error but in the receipt, with LIGHTSPEED_GATE_ERROR. Children are ended with the call.
 *
 * `options` must not be NULL: it names the commands. Writes what to do to `*gate`, a `lightspeed_gate`, and to `*receipt_json`,
 * owned by the caller, every run and what they say: the document that `lightspeed pair --json` prints
 * (docs/schemas/pair.json). From any thread.
 *
 * Errors: INVALID_ARGUMENT; PROCESS where a command cannot be started; IO where there is no current directory; CANCELLED, and only
 * there both outputs are written as well, with the runs until then: free the receipt.
 */
lightspeed_status lightspeed_pair_run(const struct lightspeed_pair_options *options,
                                      int32_t *gate,
                                      struct lightspeed_buf *receipt_json,
                                      struct lightspeed_error **err);

/**
 * Writes the defaults into `options`, a struct of `struct_size` bytes: pass `sizeof(lightspeed_experiment_options)`.
 *
 * Errors: INVALID_ARGUMENT where no release had a struct of this size.
 */
lightspeed_status lightspeed_experiment_options_init(struct lightspeed_experiment_options *options,
                                                     size_t struct_size,
                                                     struct lightspeed_error **err);

/**
 * Makes an experiment of `count` benchmarks, at least one, named by texts that all differ. Nothing is run yet.
 *
 * `options` may be NULL for the defaults: pairs until decided, 60 at most. Writes `*experiment`, owned by the caller. From any
 * thread.
 *
 * Errors: INVALID_ARGUMENT.
 */
lightspeed_status lightspeed_experiment_new(const struct lightspeed_str *benchmarks,
                                            size_t count,
                                            const struct lightspeed_experiment_options *options,
                                            struct lightspeed_experiment **experiment,
                                            struct lightspeed_error **err);

/**
 * Makes an experiment of a whole plan as JSON, for what options do not say: a margin, a control and an expected time for each
 * benchmark, other bets, other verdicts to stop at, sweeps. Nothing is run yet. Writes `*experiment`, owned by the caller. From
 * any thread.
 *
 * `plan_json` is `{"design": {"kind": "until_decided", "most_pairs": 60, "bet": "signed_rank", "stop_at": ["regressed", …]},
 * "benchmarks": [{"id": "a", "margin": 0.02, "control": false, "run_s": null}], "alpha": 0.05, "seed": 1, "warmups": 0,
 * "budget_s": null}`; other designs are `two_samples` (`runs`), `pairs` (`pairs`) and `calibration` (`comparisons`, `pairs`).
 *
 * A *sweep* runs one code at every point of some axes and says how much better each point is than the smallest of its line, and by
 * which law values grow or shrink along it. Its design is `{"kind": "sweep", "axes": ["workers=1,2,4", {"name": "level",
 * "values": [1, 6, 9]}], "repeats": 6}`, and its plan needs no `benchmarks`: they are the points, by names such as
 * `workers=2,level=6`, the last axis changing first.
 *
 * - An axis is a text, `name=values` or `name:kind=values`, or an object with `name`, `values` (a list or a text), and if wanted a
 *   `kind` (`int`, `float`, `shape` such as `16x64`, `text`). Texts list values with commas; of numbers also ranges, `1..16`,
 *   `1..16 step 2`, `log2 1..64`.
 * - `combination`: `cartesian`, each value with all others (the default), or `zipped`, the first values of all axes, then the second.
 * - `repeats`: rounds over all points that count, 6 by default, the fewest that give a speed-up an interval where alpha is 0.05. Each
 *   round has a random order of its own.
 * - `along`: the axis along which points are compared; by default the one that counts workers, else the first of several sizes.
 * - `workers`: the axis that counts workers, for the efficiency; by default one that is called `workers`, `threads`, `jobs` or the like.
 * - `better`: `lower` (the default) or `higher` values.
 *
 * Errors: INVALID_ARGUMENT.
 */
lightspeed_status lightspeed_experiment_from_plan(struct lightspeed_str plan_json,
                                                  struct lightspeed_experiment **experiment,
                                                  struct lightspeed_error **err);

/**
 * Takes up the experiment whose `lightspeed_experiment_state` this is, where it was. Writes `*experiment`, owned by the
 * caller. From any thread.
 *
 * Errors: INVALID_ARGUMENT, also for a text that is the state of no experiment.
 */
lightspeed_status lightspeed_experiment_resume(struct lightspeed_str state_json,
                                               struct lightspeed_experiment **experiment,
                                               struct lightspeed_error **err);

/**
 * Frees an experiment and the texts borrowed from it. NULL is a no-op. Consumes `experiment`.
 */
void lightspeed_experiment_free(struct lightspeed_experiment *experiment);

/**
 * What to run now: writes `*run`, the same one until its outcome was recorded. Run it in a process of its own, or as freshly
 * as the harness can, then record what came of it.
 *
 * Errors: INVALID_ARGUMENT; POISONED.
 */
lightspeed_status lightspeed_experiment_next(struct lightspeed_experiment *experiment,
                                             struct lightspeed_run *run,
                                             struct lightspeed_error **err);

/**
 * Records the `count` values that the run gave, all finite and above 0, in whatever unit the benchmark has, and the seconds
 * that it took in all. The values of one run collapse to their median.
 *
 * Errors: INVALID_ARGUMENT, also where no run was asked for; STATISTICS for values that are not usable. Nothing is changed then,
 * and the run is still the next one: record it again, or that it failed. POISONED.
 */
lightspeed_status lightspeed_experiment_record(struct lightspeed_experiment *experiment,
                                               const double *values,
                                               size_t count,
                                               double wall_s,
                                               struct lightspeed_error **err);

/**
 * Records that the run raised an error, exited or crashed, and why. Its benchmark is not run again.
 *
 * Errors: INVALID_ARGUMENT, also where no run was asked for; POISONED.
 */
lightspeed_status lightspeed_experiment_record_failed(struct lightspeed_experiment *experiment,
                                                      struct lightspeed_str reason,
                                                      struct lightspeed_error **err);

/**
 * Records that the run's time was up. Its benchmark is not run again.
 *
 * Errors: as `lightspeed_experiment_record_failed`.
 */
lightspeed_status lightspeed_experiment_record_timed_out(struct lightspeed_experiment *experiment,
                                                         struct lightspeed_error **err);

/**
 * Records that the run asked to be skipped. Its benchmark is not run again.
 *
 * Errors: as `lightspeed_experiment_record_failed`.
 */
lightspeed_status lightspeed_experiment_record_skipped(struct lightspeed_experiment *experiment,
                                                       struct lightspeed_error **err);

/**
 * Asks for nothing more: the next run is none. What was recorded stays and has results.
 *
 * Errors: INVALID_ARGUMENT; POISONED.
 */
lightspeed_status lightspeed_experiment_cancel(struct lightspeed_experiment *experiment,
                                               struct lightspeed_error **err);

/**
 * How many benchmarks it has. NULL gives 0.
 */
size_t lightspeed_experiment_count(const struct lightspeed_experiment *experiment);

/**
 * How far it is. Writes `*progress`.
 *
 * Errors: INVALID_ARGUMENT; POISONED.
 */
lightspeed_status lightspeed_experiment_progress(const struct lightspeed_experiment *experiment,
                                                 struct lightspeed_progress *progress,
                                                 struct lightspeed_error **err);

/**
 * What the runs of a benchmark say so far, at any time. Writes `*result`. The first call after a run was recorded works it out
 * for all benchmarks, further ones read it.
 *
 * Of a sweep a point is set against the smallest of its line: `baseline` is that one's median, `ratio` how many times as much the
 * point takes. There is neither a verdict nor a gate. What speed-ups and laws there are says
 * `lightspeed_experiment_results_json`.
 *
 * Errors: INVALID_ARGUMENT; OUT_OF_RANGE where `index` is not below `lightspeed_experiment_count`; POISONED.
 */
lightspeed_status lightspeed_experiment_result(const struct lightspeed_experiment *experiment,
                                               size_t index,
                                               struct lightspeed_result *result,
                                               struct lightspeed_error **err);

/**
 * What the runs say so far, at any time, as JSON: each benchmark with all its numbers, their assumptions and warnings, negative
 * controls that moved, the seed. Writes `*json`, owned by the caller.
 *
 * Of a sweep there is also `sweep`: its `points` in their order (`id`, `values` by axis, `spread`, the place of the `base`, `speedup`
 * and `efficiency` as `estimate` with `interval`, a `note` where one is missing), its `lines` (the values that are `fixed`, the axis
 * `along`, places of `points`, and `scaling`: a `model`, or null with the `reason`, and all `fits`), and the machine's `drift`, or
 * null.
 *
 * Errors: INVALID_ARGUMENT; POISONED.
 */
lightspeed_status lightspeed_experiment_results_json(const struct lightspeed_experiment *experiment,
                                                     struct lightspeed_buf *json,
                                                     struct lightspeed_error **err);

/**
 * All there is to it, as JSON that `lightspeed_experiment_resume` takes: keep it after any step and go on in another process.
 * Writes `*json`, owned by the caller.
 *
 * Errors: INVALID_ARGUMENT; POISONED.
 */
lightspeed_status lightspeed_experiment_state(const struct lightspeed_experiment *experiment,
                                              struct lightspeed_buf *json,
                                              struct lightspeed_error **err);

/**
 * Writes the defaults into `options`, a struct of `struct_size` bytes: pass `sizeof(lightspeed_compare_options)`.
 *
 * Errors: INVALID_ARGUMENT where no release had a struct of this size.
 */
lightspeed_status lightspeed_compare_options_init(struct lightspeed_compare_options *options,
                                                  size_t struct_size,
                                                  struct lightspeed_error **err);

/**
 * Calls the statistic named `function` (`compare`, `signed_rank`, `bootstrap` …) with the fields of the JSON object `input_json`.
 * Writes its result to `*result_json`, owned by the caller. The same input gives the same bytes on every platform. From any
 * thread.
 *
 * Errors: INVALID_ARGUMENT, also for a function that there is none of (the message names all) or input that it does not take;
 * STATISTICS. The detail of both is the name of the cause: `UnknownFunction`, `Input`, `Empty` …
 */
lightspeed_status lightspeed_stats_call(struct lightspeed_str function,
                                        struct lightspeed_str input_json,
                                        struct lightspeed_buf *result_json,
                                        struct lightspeed_error **err);

/**
 * Compares two groups of values, each of a process run of its own, all above 0: `baseline_count` values before a change and
 * `current_count` after it, in the same unit.
 *
 * Two samples are compared by ranks, pairs by signed ranks. `options` may be NULL for the defaults. Writes `*result`. From
 * any thread.
 *
 * Errors: INVALID_ARGUMENT; STATISTICS where a side is empty, has a value that is not finite or not above 0, or does not pair.
 */
lightspeed_status lightspeed_stats_compare(const double *baseline,
                                           size_t baseline_count,
                                           const double *current,
                                           size_t current_count,
                                           const struct lightspeed_compare_options *options,
                                           struct lightspeed_result *result,
                                           struct lightspeed_error **err);

/**
 * Summarises a sample of `count` values. Writes `*summary`. From any thread.
 *
 * Errors: INVALID_ARGUMENT; STATISTICS where the sample is empty, has a value that is not finite, or its numbers do not fit a
 * double.
 */
lightspeed_status lightspeed_stats_summarize(const double *sample,
                                             size_t count,
                                             struct lightspeed_summary *summary,
                                             struct lightspeed_error **err);

/**
 * Reads the bytes of a report; touches no file.
 *
 * `format` is a `lightspeed_coverage_format`. Writes `*coverage`, owned by the caller. From any thread.
 *
 * Errors: INVALID_ARGUMENT; COVERAGE where the bytes are no such report, or a broken one: of a part that could be read
 * nothing is kept, because what is missing would count as not executed.
 */
lightspeed_status lightspeed_coverage_read(struct lightspeed_bytes report,
                                           int32_t format,
                                           struct lightspeed_coverage **coverage,
                                           struct lightspeed_error **err);

/**
 * Frees a report and what was borrowed from it. NULL is a no-op. Consumes `coverage`.
 */
void lightspeed_coverage_free(struct lightspeed_coverage *coverage);

/**
 * How many files the report mentions. NULL gives 0.
 */
size_t lightspeed_coverage_count(const struct lightspeed_coverage *coverage);

/**
 * The path of a file as the tool wrote it, in the order of paths. Writes `*path`, borrowed until the report is freed.
 *
 * Errors: INVALID_ARGUMENT; OUT_OF_RANGE where `index` is not below `lightspeed_coverage_count`.
 */
lightspeed_status lightspeed_coverage_path(const struct lightspeed_coverage *coverage,
                                           size_t index,
                                           struct lightspeed_str *path,
                                           struct lightspeed_error **err);

/**
 * The lines of a file that ran, from 1, rising; none where the tool says that none ran. Writes `*lines`, borrowed until
 * the report is freed, and how many they are to `*count`.
 *
 * Errors: as `lightspeed_coverage_path`.
 */
lightspeed_status lightspeed_coverage_lines(const struct lightspeed_coverage *coverage,
                                            size_t index,
                                            const uint32_t **lines,
                                            size_t *count,
                                            struct lightspeed_error **err);

/**
 * Begins a survey. Sources are analysed with `options`, now and when they have changed; NULL for the defaults.
 *
 * Then, in this order: the source files, the benchmarks, what each of them executed. A benchmark of which nothing is told, or
 * whose coverage names no file that was added, is always affected. Writes `*survey`, owned by the caller. From any thread.
 *
 * Errors: INVALID_ARGUMENT.
 */
lightspeed_status lightspeed_survey_new(const struct lightspeed_blocks_options *options,
                                        struct lightspeed_survey **survey,
                                        struct lightspeed_error **err);

/**
 * Frees a survey. NULL is a no-op. Consumes `survey`.
 */
void lightspeed_survey_free(struct lightspeed_survey *survey);

/**
 * Adds a file by its content. `path` is UTF-8, relative to the top of the sources, separated by '/'. Python files (`.py`) are followed
 * by blocks, all others as a whole. Touches no file.
 *
 * Errors: INVALID_ARGUMENT, also for a path that lies elsewhere or was added before; POISONED.
 */
lightspeed_status lightspeed_survey_add_file(struct lightspeed_survey *survey,
                                             struct lightspeed_str path,
                                             struct lightspeed_bytes content,
                                             struct lightspeed_error **err);

/**
 * Adds the files of Python and Go (with their `go.mod`), and the sources and headers of compiled languages, that lie below the directory `root`, which is the top of the
 * sources; those of version control, caches and virtual environments left out. Writes how many to `*count`.
 *
 * Errors: as `lightspeed_survey_add_file`; IO, with what was read until then added.
 */
lightspeed_status lightspeed_survey_add_directory(struct lightspeed_survey *survey,
                                                  struct lightspeed_str root,
                                                  size_t *count,
                                                  struct lightspeed_error **err);

/**
 * Adds a benchmark, or one parameter combination of it, by its id. Writes its number, from 0 on, to `*number`.
 *
 * Errors: INVALID_ARGUMENT, also for an id that is empty or was added before; POISONED.
 */
lightspeed_status lightspeed_survey_add_benchmark(struct lightspeed_survey *survey,
                                                  struct lightspeed_str id,
                                                  uint32_t *number,
                                                  struct lightspeed_error **err);

/**
 * Says that a benchmark executed `count` lines of a file, counted from 1.
 *
 * Errors: INVALID_ARGUMENT, also for a benchmark or file that was not added; POISONED.
 */
lightspeed_status lightspeed_survey_executed(struct lightspeed_survey *survey,
                                             uint32_t benchmark,
                                             struct lightspeed_str path,
                                             const uint32_t *lines,
                                             size_t count,
                                             struct lightspeed_error **err);

/**
 * Says what a coverage report of a run of a benchmark says. Its paths may be absolute or begin anywhere: the longest end
 * of one that is the path of an added file is meant. Sources of compiled languages that the report does not mention (headers without
 * code of their own) count as part of what it does. Writes how many of its files were added ones to `*known`; with 0 the
 * report tells nothing.
 *
 * Errors: INVALID_ARGUMENT, also for a benchmark that was not added; POISONED.
 */
lightspeed_status lightspeed_survey_covered(struct lightspeed_survey *survey,
                                            uint32_t benchmark,
                                            const struct lightspeed_coverage *coverage,
                                            size_t *known,
                                            struct lightspeed_error **err);

/**
 * Says that a benchmark begins at a function of a Go test file: Go's coverage leaves these files out. That function, and all that it
 * may reach by names in the test files of its directory, counts as executed. `function` is its qualified name: `BenchmarkParse`.
 *
 * Errors: INVALID_ARGUMENT, also for a benchmark or file that was not added, and a file without such a function; POISONED.
 */
lightspeed_status lightspeed_survey_begins_at(struct lightspeed_survey *survey,
                                              uint32_t benchmark,
                                              struct lightspeed_str path,
                                              struct lightspeed_str function,
                                              struct lightspeed_error **err);

/**
 * Says that a benchmark depends on a file as a whole: it reads it, or is built from it.
 *
 * Errors: as `lightspeed_survey_executed`.
 */
lightspeed_status lightspeed_survey_depends_on(struct lightspeed_survey *survey,
                                               uint32_t benchmark,
                                               struct lightspeed_str path,
                                               struct lightspeed_error **err);

/**
 * Says that what is told of a benchmark cannot be relied on: it is always affected, and `reason` says why.
 *
 * Errors: INVALID_ARGUMENT, also for a benchmark that was not added; POISONED.
 */
lightspeed_status lightspeed_survey_doubt(struct lightspeed_survey *survey,
                                          uint32_t benchmark,
                                          struct lightspeed_str reason,
                                          struct lightspeed_error **err);

/**
 * Makes the survey ready to be asked. Consumes `survey`, also where the call fails. Writes `*index`, owned by the caller.
 *
 * Errors: INVALID_ARGUMENT; POISONED.
 */
lightspeed_status lightspeed_survey_finish(struct lightspeed_survey *survey,
                                           struct lightspeed_index **index,
                                           struct lightspeed_error **err);

/**
 * Reads an index from the bytes that `lightspeed_index_save` gave. Writes `*index`, owned by the caller. From any thread.
 *
 * Errors: INVALID_ARGUMENT; VERSION where another release wrote it; DATABASE where it is damaged or something else.
 */
lightspeed_status lightspeed_index_load(struct lightspeed_bytes bytes,
                                        struct lightspeed_index **index,
                                        struct lightspeed_error **err);

/**
 * Writes the index as bytes, to be kept or sent: no text, and the same index gives the same bytes. Writes `*bytes`, owned by
 * the caller.
 *
 * Errors: INVALID_ARGUMENT.
 */
lightspeed_status lightspeed_index_save(const struct lightspeed_index *index,
                                        struct lightspeed_buf *bytes,
                                        struct lightspeed_error **err);

/**
 * Frees an index and the texts borrowed from it. NULL is a no-op. Consumes `index`; selections live on.
 */
void lightspeed_index_free(struct lightspeed_index *index);

/**
 * How many benchmark instances it knows. NULL gives 0.
 */
size_t lightspeed_index_count(const struct lightspeed_index *index);

/**
 * The id of an instance, by its number. Writes `*benchmark`, borrowed until the index is freed.
 *
 * Errors: INVALID_ARGUMENT; OUT_OF_RANGE where `number` is not below `lightspeed_index_count`.
 */
lightspeed_status lightspeed_index_benchmark(const struct lightspeed_index *index,
                                             size_t number,
                                             struct lightspeed_str *benchmark,
                                             struct lightspeed_error **err);

/**
 * How many files it knows. NULL gives 0.
 */
size_t lightspeed_index_file_count(const struct lightspeed_index *index);

/**
 * The path of a file, by its number. Writes `*path`, borrowed until the index is freed.
 *
 * Errors: INVALID_ARGUMENT; OUT_OF_RANGE where `number` is not below `lightspeed_index_file_count`.
 */
lightspeed_status lightspeed_index_file(const struct lightspeed_index *index,
                                        size_t number,
                                        struct lightspeed_str *path,
                                        struct lightspeed_error **err);

/**
 * Says what `count` files, as they are now, affect. Those with the content that the survey saw are passed over, so that all files of
 * the tree may be handed in; with no other nothing is affected. Touches no file.
 *
 * `options` may be NULL for the defaults; `strict_environment` and the listener are not looked at. Writes `*selection`, owned by the caller.
 *
 * Errors: INVALID_ARGUMENT; CANCELLED.
 */
lightspeed_status lightspeed_index_select(const struct lightspeed_index *index,
                                          const struct lightspeed_file *files,
                                          size_t count,
                                          const struct lightspeed_select_options *options,
                                          struct lightspeed_selection **selection,
                                          struct lightspeed_error **err);

/**
 * Says what every difference affects between the survey and the files below the directory `root`, the top of the sources:
 * changed and deleted ones, and new files of Python and Go.
 *
 * As `lightspeed_index_select` otherwise.
 *
 * Errors: as there; IO.
 */
lightspeed_status lightspeed_index_select_directory(const struct lightspeed_index *index,
                                                    struct lightspeed_str root,
                                                    const struct lightspeed_select_options *options,
                                                    struct lightspeed_selection **selection,
                                                    struct lightspeed_error **err);

/**
 * Opens the database at `path`, a file; `mode` is a `lightspeed_store_mode`. Writes `*store`, owned by the caller.
 *
 * Errors: INVALID_ARGUMENT; NO_SURVEY where it is to be read and not there; DATABASE, VERSION, BUSY; IO.
 */
lightspeed_status lightspeed_store_open(struct lightspeed_str path,
                                        int32_t mode,
                                        struct lightspeed_store **store,
                                        struct lightspeed_error **err);

/**
 * Closes a database. NULL is a no-op. Consumes `store`; indexes live on.
 */
void lightspeed_store_free(struct lightspeed_store *store);

/**
 * Keeps a survey: from now on it answers, and the one before is gone, with the baselines of instances that it does not have. All of it or
 * nothing.
 *
 * Errors: INVALID_ARGUMENT; BUSY where another process surveys; DATABASE; IO; POISONED.
 */
lightspeed_status lightspeed_store_put_survey(const struct lightspeed_store *store,
                                              const struct lightspeed_index *index,
                                              struct lightspeed_error **err);

/**
 * The survey that answers, a session's as well. Writes `*index`, owned by the caller.
 *
 * Errors: INVALID_ARGUMENT; NO_SURVEY; DATABASE, VERSION; POISONED.
 */
lightspeed_status lightspeed_store_survey(const struct lightspeed_store *store,
                                          struct lightspeed_index **index,
                                          struct lightspeed_error **err);

/**
 * Keeps `count` samples, in the order of time, as the baseline of an instance, replacing an earlier one. `unit` says what they
 * count: `seconds`, `bytes` …
 *
 * Errors: INVALID_ARGUMENT, also for no samples or some that are not finite; NO_SURVEY; DATABASE, BUSY; POISONED.
 */
lightspeed_status lightspeed_store_put_baseline(const struct lightspeed_store *store,
                                                struct lightspeed_str benchmark,
                                                struct lightspeed_str unit,
                                                const double *samples,
                                                size_t count,
                                                struct lightspeed_error **err);

/**
 * The samples of the baseline of an instance: writes as many as there are, at most `capacity`, to `samples`, and how many there
 * are to `*count`; 0 where it has no baseline. With a `capacity` of 0 it only counts.
 *
 * Errors: INVALID_ARGUMENT; DATABASE, BUSY; POISONED.
 */
lightspeed_status lightspeed_store_baseline(const struct lightspeed_store *store,
                                            struct lightspeed_str benchmark,
                                            double *samples,
                                            size_t capacity,
                                            size_t *count,
                                            struct lightspeed_error **err);

/**
 * Begins a step, one measured change. Results of an earlier one of the same id are gone.
 *
 * Errors: INVALID_ARGUMENT, also for an empty id; DATABASE, BUSY; POISONED.
 */
lightspeed_status lightspeed_store_begin_step(const struct lightspeed_store *store,
                                              struct lightspeed_str step_id,
                                              struct lightspeed_error **err);

/**
 * Keeps what a step measured of an instance, with its change against the baseline. `verdict` is a `lightspeed_verdict`. Other
 * processes see it at once.
 *
 * Errors: INVALID_ARGUMENT, also for a step that was not begun, for no samples or some that are not finite; DATABASE, BUSY;
 * POISONED.
 */
lightspeed_status lightspeed_store_put_result(const struct lightspeed_store *store,
                                              struct lightspeed_str step_id,
                                              struct lightspeed_str benchmark,
                                              struct lightspeed_str unit,
                                              const double *samples,
                                              size_t count,
                                              int32_t verdict,
                                              struct lightspeed_error **err);

/**
 * The baselines, or with a `step_id` that is not empty the results of that step, as a JSON document, the one that `lightspeed results
 * --json` prints (docs/schemas/results.json). Writes `*json`, owned by the caller.
 *
 * Errors: INVALID_ARGUMENT, also for a step that is not there; DATABASE, BUSY; POISONED.
 */
lightspeed_status lightspeed_store_results_json(const struct lightspeed_store *store,
                                                struct lightspeed_str step_id,
                                                struct lightspeed_buf *json,
                                                struct lightspeed_error **err);

/**
 * All baselines, as a JSON object by instance (docs/schemas/baselines.json), to be loaded into another database. Writes `*json`,
 * owned by the caller.
 *
 * Errors: INVALID_ARGUMENT; DATABASE, BUSY; POISONED.
 */
lightspeed_status lightspeed_store_baselines_json(const struct lightspeed_store *store,
                                                  struct lightspeed_buf *json,
                                                  struct lightspeed_error **err);

/**
 * Keeps baselines of such an object; of each only the statistics are required. The caller vouches for what they do not say, such
 * as that they were measured on this machine. What does not fit the survey is refused, the rest is kept, all at once. Writes
 * `*report`, owned by the caller: a JSON object with `loaded`, how many were kept, and `refused`, the reason by instance.
 *
 * Errors: INVALID_ARGUMENT, also for text that is no such object; NO_SURVEY; DATABASE, BUSY; POISONED.
 */
lightspeed_status lightspeed_store_load_baselines(const struct lightspeed_store *store,
                                                  struct lightspeed_str json,
                                                  struct lightspeed_buf *report,
                                                  struct lightspeed_error **err);

/**
 * The suite as the last survey found it, as a JSON object (docs/schemas/suite.json): benchmarks as their runner described them, files
 * with git's SHA-1. Writes `*json`, owned by the caller.
 *
 * Errors: INVALID_ARGUMENT; NO_SURVEY; DATABASE, BUSY; POISONED.
 */
lightspeed_status lightspeed_store_suite_json(const struct lightspeed_store *store,
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
