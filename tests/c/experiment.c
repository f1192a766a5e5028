/* A harness with a timing loop of its own that runs what an experiment asks for until all is decided. */
#include "check.h"

#include <time.h>

static volatile double sink;

/* Work of so many thousand steps. */
static void work(int thousands) {
    for (int i = 0; i < thousands * 1000; i++) {
        sink = sink * 0.5 + i;
    }
}

/* Seconds that one call takes; never 0, which no time is. */
static double timed(int thousands) {
    clock_t began = clock();
    work(thousands);
    clock_t ended = clock();
    return ended > began ? (double)(ended - began) / CLOCKS_PER_SEC : 0.5 / CLOCKS_PER_SEC;
}

/* Three samples of a run of "loop", which takes three times as long after the change, or of "table", which is broken now. */
static void run_once(lightspeed_experiment *experiment, const lightspeed_run *run) {
    int after = run->side == LIGHTSPEED_SIDE_CURRENT;
    double samples[3], wall_s = 0;
    if (is(run->benchmark, "table") && after) {
        lightspeed_str reason = lightspeed_str_of("no such table");
        CHECK(lightspeed_experiment_record_failed(experiment, reason, NULL) == LIGHTSPEED_STATUS_OK);
        return;
    }
    for (int i = 0; i < 3; i++) {
        samples[i] = timed(after ? 1500 : 500);
        wall_s += samples[i];
    }
    CHECK(lightspeed_experiment_record(experiment, samples, 3, wall_s, NULL) == LIGHTSPEED_STATUS_OK);
}

/* Writes the experiment out and takes it up again, as after the end of a process. */
static lightspeed_experiment *taken_up(lightspeed_experiment *experiment) {
    lightspeed_buf state = LIGHTSPEED_BUF_INIT;
    lightspeed_experiment *again = NULL;
    CHECK(lightspeed_experiment_state(experiment, &state, NULL) == LIGHTSPEED_STATUS_OK);
    lightspeed_experiment_free(experiment);
    lightspeed_str text = { state.ptr, state.len };
    CHECK(lightspeed_experiment_resume(text, &again, NULL) == LIGHTSPEED_STATUS_OK);
    lightspeed_buf_free(&state);
    return again;
}

static void is_decided(const lightspeed_experiment *experiment) {
    lightspeed_result loop, table;
    CHECK(lightspeed_experiment_count(experiment) == 2);
    CHECK(lightspeed_experiment_result(experiment, 0, &loop, NULL) == LIGHTSPEED_STATUS_OK);
    CHECK(loop.outcome == LIGHTSPEED_OUTCOME_OK && loop.verdict == LIGHTSPEED_VERDICT_REGRESSED);
    CHECK(loop.gate == LIGHTSPEED_GATE_FAIL && loop.low > 1.1 && loop.ratio >= loop.low && !(loop.high < loop.ratio));
    CHECK(loop.baseline > 0 && loop.current > loop.baseline && loop.pairs >= 6 && loop.pairs <= 60);
    CHECK(loop.e_value > 1 && loop.p_value != loop.p_value);
    CHECK(lightspeed_experiment_result(experiment, 1, &table, NULL) == LIGHTSPEED_STATUS_OK);
    CHECK(table.outcome == LIGHTSPEED_OUTCOME_FAILED && table.verdict == LIGHTSPEED_VERDICT_NONE);
    CHECK(table.gate == LIGHTSPEED_GATE_ERROR && table.ratio != table.ratio);
    lightspeed_error *error = NULL;
    CHECK(lightspeed_experiment_result(experiment, 2, &loop, &error) == LIGHTSPEED_STATUS_OUT_OF_RANGE);
    CHECK(says(error, LIGHTSPEED_STATUS_OUT_OF_RANGE, "there is no benchmark 2: there are 2"));
}

int main(void) {
    const lightspeed_str names[] = { LIGHTSPEED_STR_INIT("loop"), LIGHTSPEED_STR_INIT("table") };
    lightspeed_experiment_options options = LIGHTSPEED_EXPERIMENT_OPTIONS_INIT;
    lightspeed_experiment *experiment = NULL;
    lightspeed_error *error = NULL;
    size_t runs = 0;

    options.warmups = 1;
    options.margin = 0.1;
    CHECK(lightspeed_experiment_new(names, 2, &options, &experiment, NULL) == LIGHTSPEED_STATUS_OK);
    double nothing = 0;
    CHECK(lightspeed_experiment_record(experiment, &nothing, 1, 0, &error) == LIGHTSPEED_STATUS_INVALID_ARGUMENT);
    CHECK(says(error, LIGHTSPEED_STATUS_INVALID_ARGUMENT, "nothing was asked for"));
    for (;;) {
        lightspeed_run run;
        CHECK(lightspeed_experiment_next(experiment, &run, NULL) == LIGHTSPEED_STATUS_OK);
        if (!run.more) {
            break;
        }
        CHECK(is(run.benchmark, names[run.index].ptr));
        if (runs == 3) {
            CHECK(lightspeed_experiment_record(experiment, &nothing, 1, 0, &error) == LIGHTSPEED_STATUS_STATISTICS);
            CHECK(is(lightspeed_error_detail(error), "NotPositive"));
            CHECK(says(error, LIGHTSPEED_STATUS_STATISTICS, "unusable values"));
        }
        run_once(experiment, &run);
        if (++runs % 5 == 0) {
            experiment = taken_up(experiment);
        }
    }
    lightspeed_progress progress;
    CHECK(lightspeed_experiment_progress(experiment, &progress, NULL) == LIGHTSPEED_STATUS_OK);
    CHECK(progress.done == runs && progress.expected == runs && progress.decided == 2 && progress.spent_s > 0);
    is_decided(experiment);
    lightspeed_experiment_free(experiment);
    printf("decided\n");
    return 0;
}
