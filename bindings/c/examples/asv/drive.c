/*
 * Drives an ASV suite: surveys it as it was at the last commit, and measures what the changes since then affect.
 *
 *   drive CONFIG SOURCE_ROOT [PYTHON]
 *
 * Shows how far it is, and stops in good order at Ctrl-C: what was finished is kept, and the next run goes on from there. Exits with 2
 * where something became slower, with 5 where a benchmark failed, with 130 after an interrupt.
 */
#define _POSIX_C_SOURCE 200809L

#include <lightspeed.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

enum { ERROR = 1, SLOWER = 2, FAILED = 5, INTERRUPTED = 130, WIDTH = 30 };

static lightspeed_cancel *cancel;

/* Raising a token is allowed in a signal handler. */
static void interrupted(int number) {
    (void)number;
    lightspeed_cancel_raise(cancel);
}

typedef struct bar {
    char what[32];
    size_t done, total;
} bar;

static void draw(const bar *bar, const char *end) {
    size_t full = bar->total ? bar->done * WIDTH / bar->total : WIDTH;
    fprintf(stderr, "\r%-8s [", bar->what);
    for (size_t i = 0; i < WIDTH; i++)
        fputc(i < full ? '#' : ' ', stderr);
    fprintf(stderr, "] %zu/%zu%s", bar->done, bar->total, end);
    fflush(stderr);
}

/* Called on this thread, while a call works. */
static int32_t hear(void *userdata, const lightspeed_event *event) {
    bar *bar = userdata;
    switch (event->kind) {
    case LIGHTSPEED_EVENT_KIND_BEGIN:
        snprintf(bar->what, sizeof bar->what, "%.*s", (int)event->text.len, event->text.ptr);
        bar->done = 0;
        bar->total = event->total;
        draw(bar, bar->total ? "" : "\n");
        break;
    case LIGHTSPEED_EVENT_KIND_DONE:
        bar->done++;
        draw(bar, bar->done == bar->total ? "\n" : "");
        break;
    case LIGHTSPEED_EVENT_KIND_NOTE:
        fprintf(stderr, "\r%.*s\n", (int)event->text.len, event->text.ptr);
        break;
    default:
        break;
    }
    return 0;
}

/* Ends the program after a failure; does nothing after success. */
static void need(lightspeed_status status, lightspeed_error **error) {
    if (status == LIGHTSPEED_STATUS_OK)
        return;
    lightspeed_str message = lightspeed_error_message(*error), detail = lightspeed_error_detail(*error);
    fprintf(stderr, "\ndrive: %.*s\n%.*s", (int)message.len, message.ptr, (int)detail.len, detail.ptr);
    lightspeed_error_free(*error);
    exit(status == LIGHTSPEED_STATUS_CANCELLED ? INTERRUPTED : ERROR);
}

/* What came of each benchmark; the exit code. */
static int print(const lightspeed_measurement *measurement) {
    lightspeed_error *error = NULL;
    int code = 0;
    size_t count = lightspeed_measurement_count(measurement);
    for (size_t i = 0; i < count; i++) {
        lightspeed_str name, unit;
        lightspeed_result result;
        need(lightspeed_measurement_benchmark(measurement, i, &name, &error), &error);
        need(lightspeed_measurement_unit(measurement, i, &unit, &error), &error);
        need(lightspeed_measurement_result(measurement, i, &result, &error), &error);
        printf("%.*s: ", (int)name.len, name.ptr);
        if (result.outcome != LIGHTSPEED_OUTCOME_OK) {
            lightspeed_str outcome = lightspeed_outcome_name(result.outcome);
            printf("%.*s\n", (int)outcome.len, outcome.ptr);
            code = result.outcome == LIGHTSPEED_OUTCOME_FAILED ? FAILED : code;
            continue;
        }
        lightspeed_str verdict = lightspeed_verdict_name(result.verdict);
        printf("%g -> %g %.*s, x%.3f (%.3f to %.3f), %.*s\n", result.baseline, result.current, (int)unit.len, unit.ptr, result.ratio,
               result.low, result.high, (int)verdict.len, verdict.ptr);
        if (result.verdict == LIGHTSPEED_VERDICT_REGRESSED && code == 0)
            code = SLOWER;
    }
    if (count == 0)
        printf("nothing is affected\n");
    return code;
}

int main(int argc, char **argv) {
    if (argc < 3 || argc > 4) {
        fprintf(stderr, "usage: drive CONFIG SOURCE_ROOT [PYTHON]\n");
        return ERROR;
    }
    lightspeed_error *error = NULL;
    lightspeed_session *session = NULL;
    lightspeed_measurement *measurement = NULL;
    lightspeed_buf report = LIGHTSPEED_BUF_INIT;
    bar bar = {"", 0, 0};

    need(lightspeed_cancel_new(&cancel, &error), &error);
    signal(SIGINT, interrupted);

    lightspeed_session_options options = LIGHTSPEED_SESSION_OPTIONS_INIT;
    options.source_root = lightspeed_str_of(argv[2]);
    options.python = lightspeed_str_of(argc > 3 ? argv[3] : NULL);
    need(lightspeed_session_open(lightspeed_str_of(argv[1]), &options, &session, &error), &error);

    lightspeed_init_options init = LIGHTSPEED_INIT_OPTIONS_INIT;
    init.base_commit = lightspeed_str_of("HEAD");
    init.cancel = cancel;
    init.listener = hear;
    init.userdata = &bar;
    need(lightspeed_session_init(session, &init, &report, &error), &error);
    lightspeed_buf_free(&report);

    lightspeed_measure_options measure = LIGHTSPEED_MEASURE_OPTIONS_INIT;
    measure.cancel = cancel;
    measure.listener = hear;
    measure.userdata = &bar;
    need(lightspeed_session_measure_git(session, lightspeed_str_of(NULL), NULL, &measure, &measurement, &error), &error);
    int code = print(measurement);

    lightspeed_measurement_free(measurement);
    lightspeed_session_free(session);
    lightspeed_cancel_free(cancel);
    return code;
}
