/* What may be shared is shared: one thread raises tokens while others poll and call; eight read the same handles. */
#include "check.h"

#include <pthread.h>
#include <sched.h>

#define OK(call) CHECK((call) == LIGHTSPEED_STATUS_OK)
#define READERS 8
#define TOKENS 20
#define BENCHMARKS 3

/* What all threads have. */
struct shared {
    const lightspeed_index *index;
    const lightspeed_selection *selection;
    const lightspeed_experiment *experiment;
    const lightspeed_coverage *coverage;
    const lightspeed_error *error;
    lightspeed_cancel *tokens[TOKENS];
};

static const char LCOV[] = "SF:a.c\nDA:1,4\nDA:3,1\nend_of_record\n";

static lightspeed_bytes bytes(const char *text) {
    return (lightspeed_bytes){ (const uint8_t *)text, strlen(text) };
}

/* Three benchmarks: of b.py, of a.c by coverage, and one of which nothing is told. */
static lightspeed_index *surveyed(const lightspeed_coverage *coverage) {
    lightspeed_survey *survey = NULL;
    lightspeed_index *index = NULL;
    uint32_t python, native, unknown, line = 2;
    size_t known = 0;
    OK(lightspeed_survey_new(NULL, &survey, NULL));
    OK(lightspeed_survey_add_file(survey, lightspeed_str_of("b.py"), bytes("def f():\n    return 1\n"), NULL));
    OK(lightspeed_survey_add_file(survey, lightspeed_str_of("a.c"), bytes("int x;\n"), NULL));
    OK(lightspeed_survey_add_benchmark(survey, lightspeed_str_of("python"), &python, NULL));
    OK(lightspeed_survey_add_benchmark(survey, lightspeed_str_of("native"), &native, NULL));
    OK(lightspeed_survey_add_benchmark(survey, lightspeed_str_of("unknown"), &unknown, NULL));
    OK(lightspeed_survey_executed(survey, python, lightspeed_str_of("b.py"), &line, 1, NULL));
    OK(lightspeed_survey_covered(survey, native, coverage, &known, NULL));
    CHECK(known == 1 && unknown == 2);
    OK(lightspeed_survey_finish(survey, &index, NULL));
    return index;
}

static lightspeed_experiment *recorded(void) {
    lightspeed_str names[BENCHMARKS] = { LIGHTSPEED_STR_INIT("a"), LIGHTSPEED_STR_INIT("b"), LIGHTSPEED_STR_INIT("c") };
    lightspeed_experiment_options options = LIGHTSPEED_EXPERIMENT_OPTIONS_INIT;
    lightspeed_experiment *experiment = NULL;
    lightspeed_run run;
    double value = 1.0;
    options.design = LIGHTSPEED_DESIGN_PAIRS;
    options.pairs = 6;
    options.random_seed = 0;
    OK(lightspeed_experiment_new(names, BENCHMARKS, &options, &experiment, NULL));
    for (;;) {
        OK(lightspeed_experiment_next(experiment, &run, NULL));
        if (!run.more) {
            return experiment;
        }
        value = value > 1.5 ? 1.0 : value + 0.01;
        OK(lightspeed_experiment_record(experiment, &value, 1, value, NULL));
    }
}

/* Two files as they are now: what affects two of the three benchmarks each. */
static lightspeed_selection *asked(const lightspeed_index *index, const lightspeed_cancel *cancel, lightspeed_status *status) {
    lightspeed_file files[2];
    lightspeed_select_options options = LIGHTSPEED_SELECT_OPTIONS_INIT;
    lightspeed_selection *selection = NULL;
    files[0] = (lightspeed_file){ lightspeed_str_of("b.py"), bytes("def f():\n    return 2\n"), 0 };
    files[1] = (lightspeed_file){ lightspeed_str_of("a.c"), bytes("int x;\n"), 0 };
    options.cancel = cancel;
    *status = lightspeed_index_select(index, files, 2, &options, &selection, NULL);
    CHECK((selection != NULL) == (*status == LIGHTSPEED_STATUS_OK));
    return selection;
}

static void read_selection(const lightspeed_selection *selection) {
    lightspeed_str text;
    lightspeed_buf json = LIGHTSPEED_BUF_INIT;
    size_t count = 0;
    CHECK(lightspeed_selection_count(selection) == 2 && lightspeed_selection_unaffected_count(selection) == 1);
    OK(lightspeed_selection_benchmark(selection, 0, &text, NULL));
    CHECK(is(text, "python"));
    OK(lightspeed_selection_reason_count(selection, 1, &count, NULL));
    OK(lightspeed_selection_reason(selection, 1, count - 1, &text, NULL));
    CHECK(text.len > 0);
    OK(lightspeed_selection_json(selection, &json, NULL));
    CHECK(json.len == strlen(json.ptr));
    lightspeed_buf_free(&json);
}

static void read_index(const lightspeed_index *index) {
    lightspeed_str text;
    lightspeed_buf saved = LIGHTSPEED_BUF_INIT;
    CHECK(lightspeed_index_count(index) == 3 && lightspeed_index_file_count(index) == 2);
    OK(lightspeed_index_benchmark(index, 2, &text, NULL));
    CHECK(is(text, "unknown"));
    OK(lightspeed_index_save(index, &saved, NULL));
    lightspeed_buf_free(&saved);
}

/* The first thread to ask works the results out, the others wait for it or read them. */
static void read_experiment(const lightspeed_experiment *experiment) {
    lightspeed_result result;
    lightspeed_progress progress;
    lightspeed_buf json = LIGHTSPEED_BUF_INIT;
    for (size_t i = 0; i < lightspeed_experiment_count(experiment); i++) {
        OK(lightspeed_experiment_result(experiment, i, &result, NULL));
        CHECK(result.pairs == 6 && result.baseline > 0);
    }
    OK(lightspeed_experiment_progress(experiment, &progress, NULL));
    CHECK(progress.decided == BENCHMARKS && progress.done == progress.expected);
    OK(lightspeed_experiment_results_json(experiment, &json, NULL));
    lightspeed_buf_free(&json);
}

static void read_coverage(const lightspeed_coverage *coverage) {
    const uint32_t *lines = NULL;
    size_t count = 0;
    OK(lightspeed_coverage_lines(coverage, 0, &lines, &count, NULL));
    CHECK(count == 2 && lines[1] == 3);
}

static void *reads(void *argument) {
    const struct shared *shared = argument;
    lightspeed_status status;
    for (int i = 0; i < 20; i++) {
        read_experiment(shared->experiment);
        read_selection(shared->selection);
        read_index(shared->index);
        read_coverage(shared->coverage);
        CHECK(lightspeed_error_code(shared->error) == LIGHTSPEED_STATUS_COVERAGE && lightspeed_error_message(shared->error).len > 0);
        lightspeed_selection *own = asked(shared->index, NULL, &status);
        read_selection(own);
        lightspeed_selection_free(own);
    }
    return NULL;
}

/* Calls with each token until it is raised: then, and not before, the call answers CANCELLED. */
static void *calls(void *argument) {
    const struct shared *shared = argument;
    for (int i = 0; i < TOKENS; i++) {
        lightspeed_status status = LIGHTSPEED_STATUS_OK;
        while (status == LIGHTSPEED_STATUS_OK) {
            lightspeed_selection_free(asked(shared->index, shared->tokens[i], &status));
        }
        CHECK(status == LIGHTSPEED_STATUS_CANCELLED && lightspeed_cancel_is_raised(shared->tokens[i]));
    }
    return NULL;
}

static void *polls(void *argument) {
    const struct shared *shared = argument;
    for (int i = 0; i < TOKENS; i++) {
        while (!lightspeed_cancel_is_raised(shared->tokens[i])) {
            sched_yield();
        }
    }
    return NULL;
}

static void *raises(void *argument) {
    const struct shared *shared = argument;
    for (int i = 0; i < TOKENS; i++) {
        sched_yield();
        lightspeed_cancel_raise(shared->tokens[i]);
    }
    return NULL;
}

static void run(void *(*const *bodies)(void *), size_t count, struct shared *shared) {
    pthread_t threads[READERS];
    for (size_t i = 0; i < count; i++) {
        CHECK(pthread_create(&threads[i], NULL, bodies[i], shared) == 0);
    }
    for (size_t i = 0; i < count; i++) {
        CHECK(pthread_join(threads[i], NULL) == 0);
    }
}

int main(void) {
    struct shared shared;
    lightspeed_coverage *coverage = NULL, *none = NULL;
    lightspeed_error *error = NULL;
    lightspeed_status status;
    OK(lightspeed_coverage_read(bytes(LCOV), LIGHTSPEED_COVERAGE_FORMAT_ANY, &coverage, NULL));
    CHECK(lightspeed_coverage_read(bytes(""), LIGHTSPEED_COVERAGE_FORMAT_ANY, &none, &error) == LIGHTSPEED_STATUS_COVERAGE);
    lightspeed_index *index = surveyed(coverage);
    lightspeed_selection *selection = asked(index, NULL, &status);
    lightspeed_experiment *experiment = recorded();
    shared.index = index;
    shared.selection = selection;
    shared.experiment = experiment;
    shared.coverage = coverage;
    shared.error = error;
    for (int i = 0; i < TOKENS; i++) {
        OK(lightspeed_cancel_new(&shared.tokens[i], NULL));
    }
    void *(*const readers[READERS])(void *) = { reads, reads, reads, reads, reads, reads, reads, reads };
    void *(*const callers[])(void *) = { calls, calls, polls, polls, raises };
    run(readers, READERS, &shared);
    run(callers, sizeof callers / sizeof *callers, &shared);
    for (int i = 0; i < TOKENS; i++) {
        lightspeed_cancel_free(shared.tokens[i]);
    }
    lightspeed_experiment_free(experiment);
    lightspeed_selection_free(selection);
    lightspeed_index_free(index);
    lightspeed_coverage_free(coverage);
    lightspeed_error_free(error);
    puts("shared");
    return 0;
}
