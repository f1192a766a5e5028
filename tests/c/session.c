/* The whole way of a suite: `session CONFIG SOURCE_ROOT PYTHON CHANGED_FILE` surveys it, changes the file, and measures what that affects. */
#include "check.h"

#define OK(call) CHECK((call) == LIGHTSPEED_STATUS_OK)

/* What a listener heard, `total` and `done` of the stretch it is in, and what it is to do about it. */
struct watch {
    const lightspeed_session *session;
    size_t begins, total, items, done, notes;
    int stop_at_item, call_again, refused;
};

static int32_t hear(void *userdata, const lightspeed_event *event) {
    struct watch *watch = userdata;
    switch (event->kind) {
    case LIGHTSPEED_EVENT_KIND_BEGIN:
        CHECK(event->text.len > 0 && (watch->total == 0 || watch->done == watch->total));
        watch->begins++;
        watch->total = event->total;
        watch->done = 0;
        break;
    case LIGHTSPEED_EVENT_KIND_ITEM:
        watch->items++;
        break;
    case LIGHTSPEED_EVENT_KIND_DONE:
        watch->done++;
        break;
    default:
        watch->notes++;
    }
    if (watch->call_again) {
        lightspeed_buf path = LIGHTSPEED_BUF_INIT;
        lightspeed_error *error = NULL;
        CHECK(lightspeed_session_database(watch->session, &path, &error) == LIGHTSPEED_STATUS_INVALID_ARGUMENT);
        CHECK(says(error, LIGHTSPEED_STATUS_INVALID_ARGUMENT, "a listener called its own session"));
        watch->refused++;
        watch->call_again = 0;
    }
    return watch->stop_at_item && event->kind == LIGHTSPEED_EVENT_KIND_ITEM;
}

static int contains(lightspeed_buf json, const char *part) {
    return strstr(json.ptr, part) != NULL;
}

/* Surveys and measures; the first time a listener stops it, the second time one calls the session again. */
static void surveyed(lightspeed_session *session) {
    lightspeed_init_options options = LIGHTSPEED_INIT_OPTIONS_INIT;
    lightspeed_buf json = LIGHTSPEED_BUF_INIT;
    lightspeed_error *error = NULL;
    struct watch stops = { session, 0, 0, 0, 0, 0, 1, 0, 0 }, listens = { session, 0, 0, 0, 0, 0, 0, 1, 0 };
    options.rounds = 1;
    options.repeat = 3;
    options.warmup_time = 0.0;
    options.listener = hear;
    options.userdata = &stops;
    CHECK(lightspeed_session_init(session, &options, &json, &error) == LIGHTSPEED_STATUS_CANCELLED);
    CHECK(says(error, LIGHTSPEED_STATUS_CANCELLED, "interrupted"));
    CHECK(json.ptr == NULL && stops.items == 1);

    lightspeed_cancel *cancel = NULL;
    OK(lightspeed_cancel_new(&cancel, NULL));
    options.cancel = cancel;
    options.userdata = &listens;
    OK(lightspeed_session_init(session, &options, &json, NULL));
    CHECK(!lightspeed_cancel_is_raised(cancel));
    lightspeed_cancel_free(cancel);
    CHECK(listens.refused == 1 && listens.begins == 3 && listens.done == 2 && listens.total == 2 && listens.items > 4);
    CHECK(contains(json, "\"schema\":\"lightspeed.init/1\"") && contains(json, "\"measured\":2"));
    lightspeed_buf_free(&json);
}

/* One instance, measured with its reason, in a step of its own. */
static void measured(lightspeed_session *session) {
    lightspeed_measure_options options = LIGHTSPEED_MEASURE_OPTIONS_INIT;
    lightspeed_measurement *measurement = NULL;
    lightspeed_result result;
    lightspeed_str text;
    size_t reasons;
    lightspeed_buf json = LIGHTSPEED_BUF_INIT;
    struct watch watch = { session, 0, 0, 0, 0, 0, 0, 0, 0 };
    options.rounds = 1;
    options.repeat = 3;
    options.warmup_time = 0.0;
    options.step_id = lightspeed_str_of("one");
    options.listener = hear;
    options.userdata = &watch;
    OK(lightspeed_session_measure_survey(session, NULL, &options, &measurement, NULL));
    CHECK(watch.done > 0 && lightspeed_measurement_count(measurement) == 1);
    OK(lightspeed_measurement_benchmark(measurement, 0, &text, NULL));
    CHECK(is(text, "bench.time_two"));
    OK(lightspeed_measurement_unit(measurement, 0, &text, NULL));
    CHECK(is(text, "seconds"));
    OK(lightspeed_measurement_result(measurement, 0, &result, NULL));
    CHECK(result.outcome == LIGHTSPEED_OUTCOME_OK && result.verdict != LIGHTSPEED_VERDICT_NONE);
    CHECK(result.baseline > 0 && result.current > 0 && result.ratio > 0 && result.p_value <= 1 && result.pairs == 0);
    CHECK(result.gate == lightspeed_measurement_gate(measurement));
    OK(lightspeed_measurement_reason_count(measurement, 0, &reasons, NULL));
    OK(lightspeed_measurement_reason(measurement, 0, 0, &text, NULL));
    CHECK(reasons == 1 && is(text, "it executes two, which changed (core.py:5-6)"));
    OK(lightspeed_measurement_json(measurement, &json, NULL));
    CHECK(contains(json, "\"schema\":\"lightspeed.measure/1\"") && contains(json, "\"step_id\":\"one\""));
    lightspeed_buf_free(&json);
    lightspeed_measurement_free(measurement);
}

/* A selection tells of every file that it reads, and a listener stops it between two. */
static void selected(lightspeed_session *session) {
    lightspeed_select_options options = LIGHTSPEED_SELECT_OPTIONS_INIT;
    lightspeed_selection *selection = NULL;
    struct watch listens = { session, 0, 0, 0, 0, 0, 0, 1, 0 }, stops = { session, 0, 0, 0, 0, 0, 1, 0, 0 };
    options.listener = hear;
    options.userdata = &listens;
    OK(lightspeed_session_select_survey(session, &options, &selection, NULL));
    CHECK(lightspeed_selection_count(selection) == 1 && listens.refused == 1);
    CHECK(listens.begins == 1 && listens.total == 4 && listens.items == 4 && listens.done == 4);
    lightspeed_selection_free(selection);
    options.userdata = &stops;
    CHECK(lightspeed_session_select_survey(session, &options, &selection, NULL) == LIGHTSPEED_STATUS_CANCELLED);
    CHECK(selection == NULL && stops.items == 1 && stops.done == 0);
}

/* In pairs with the last commit. */
static void measured_in_pairs(lightspeed_session *session) {
    lightspeed_error *error = NULL;
    lightspeed_paired_options paired = LIGHTSPEED_PAIRED_OPTIONS_INIT;
    lightspeed_measure_options options = LIGHTSPEED_MEASURE_OPTIONS_INIT;
    lightspeed_measurement *measurement = NULL;
    lightspeed_result result;
    lightspeed_buf json = LIGHTSPEED_BUF_INIT;
    paired.most_pairs = 2;
    paired.random_seed = 0;
    paired.seed = 42;
    options.repeat = 2;
    options.warmup_time = 0.0;
    options.paired = &paired;
    options.rounds = 2;
    CHECK(lightspeed_session_measure_survey(session, NULL, &options, &measurement, &error) == LIGHTSPEED_STATUS_INVALID_ARGUMENT);
    CHECK(measurement == NULL && says(error, LIGHTSPEED_STATUS_INVALID_ARGUMENT, "rounds is 2, but pairs"));
    options.rounds = -1;
    OK(lightspeed_session_measure_git(session, lightspeed_str_of(""), NULL, &options, &measurement, NULL));
    CHECK(lightspeed_measurement_count(measurement) == 1);
    OK(lightspeed_measurement_result(measurement, 0, &result, NULL));
    CHECK(result.pairs == 2 && result.outcome == LIGHTSPEED_OUTCOME_OK && result.ratio > 0 && result.p_value != result.p_value);
    OK(lightspeed_measurement_json(measurement, &json, NULL));
    CHECK(contains(json, "\"seed\":42"));
    lightspeed_buf_free(&json);
    lightspeed_measurement_free(measurement);
}

static void kept(lightspeed_session *session) {
    lightspeed_buf json = LIGHTSPEED_BUF_INIT;
    lightspeed_error *error = NULL;
    OK(lightspeed_session_results_json(session, lightspeed_str_of(""), &json, NULL));
    CHECK(contains(json, "\"bench.time_one\"") && contains(json, "\"steps\":[\"one\"]"));
    lightspeed_buf_free(&json);
    OK(lightspeed_session_results_json(session, lightspeed_str_of("one"), &json, NULL));
    CHECK(contains(json, "\"step_id\":\"one\""));
    lightspeed_buf_free(&json);
    CHECK(lightspeed_session_results_json(session, lightspeed_str_of("two"), &json, &error) == LIGHTSPEED_STATUS_INVALID_ARGUMENT);
    CHECK(says(error, LIGHTSPEED_STATUS_INVALID_ARGUMENT, "there is no step"));
    OK(lightspeed_session_explain_survey(session, lightspeed_str_of("bench.time_one"), NULL, &json, NULL));
    CHECK(contains(json, "\"affected\":false"));
    lightspeed_buf_free(&json);
    CHECK(lightspeed_session_explain_survey(session, lightspeed_str_of("nobody"), NULL, &json, &error) == LIGHTSPEED_STATUS_INVALID_ARGUMENT);
    CHECK(says(error, LIGHTSPEED_STATUS_INVALID_ARGUMENT, "no benchmark"));
    OK(lightspeed_session_database(session, &json, NULL));
    FILE *database = fopen(json.ptr, "rb");
    CHECK(database != NULL);
    fclose(database);
    lightspeed_buf_free(&json);
}

int main(int argc, char **argv) {
    lightspeed_session_options options = LIGHTSPEED_SESSION_OPTIONS_INIT;
    lightspeed_session *session = NULL;
    CHECK(argc == 5);
    options.source_root = lightspeed_str_of(argv[2]);
    options.python = lightspeed_str_of(argv[3]);
    OK(lightspeed_session_open(lightspeed_str_of(argv[1]), &options, &session, NULL));
    surveyed(session);
    FILE *file = fopen(argv[4], "w");
    CHECK(file != NULL);
    CHECK(fputs("def one():\n    return 1\n\n\ndef two():\n    return 1 + 1\n", file) >= 0);
    fclose(file);
    selected(session);
    measured(session);
    measured_in_pairs(session);
    kept(session);
    lightspeed_session_free(session);
    printf("surveyed, measured, kept\n");
    return 0;
}
