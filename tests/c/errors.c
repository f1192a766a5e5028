/* What callers get wrong, and what they are told: `errors CONFIG` with the configuration of a surveyed suite. */
#include "check.h"

#define REFUSED(call, part) \
    do { \
        lightspeed_error *error = NULL; \
        CHECK((call) == LIGHTSPEED_STATUS_INVALID_ARGUMENT); \
        CHECK(says(error, LIGHTSPEED_STATUS_INVALID_ARGUMENT, part)); \
    } while (0)

static const lightspeed_str nothing = LIGHTSPEED_STR_EMPTY;

static void null_is_harmless(void) {
    lightspeed_error_free(NULL);
    lightspeed_buf_free(NULL);
    lightspeed_cancel_free(NULL);
    lightspeed_cancel_raise(NULL);
    lightspeed_blocks_free(NULL);
    lightspeed_session_free(NULL);
    lightspeed_selection_free(NULL);
    lightspeed_measurement_free(NULL);
    lightspeed_experiment_free(NULL);
    CHECK(lightspeed_measurement_count(NULL) == 0);
    CHECK(lightspeed_measurement_gate(NULL) == LIGHTSPEED_GATE_NONE);
    CHECK(lightspeed_experiment_count(NULL) == 0);
    CHECK(!lightspeed_cancel_is_raised(NULL));
    CHECK(lightspeed_error_code(NULL) == LIGHTSPEED_STATUS_OK);
    CHECK(is(lightspeed_error_message(NULL), ""));
    CHECK(is(lightspeed_error_detail(NULL), ""));
    CHECK(is(lightspeed_error_path(NULL), ""));
    CHECK(lightspeed_error_line(NULL) == 0);
    CHECK(lightspeed_blocks_count(NULL) == 0);
    CHECK(lightspeed_blocks_diagnostic_count(NULL) == 0);
    CHECK(lightspeed_selection_count(NULL) == 0);
    CHECK(lightspeed_selection_unaffected_count(NULL) == 0);
    CHECK(is(lightspeed_str_of(NULL), ""));
}

static void required_pointers_are_named(void) {
    lightspeed_session *session = NULL;
    lightspeed_selection *selection = NULL;
    lightspeed_str text;
    size_t count;
    uint32_t number;
    int32_t kind;
    lightspeed_bytes no_bytes = { NULL, 0 }, lost = { NULL, 3 };
    lightspeed_blocks *blocks = NULL;
    lightspeed_str one = { NULL, 1 };

    CHECK(lightspeed_cancel_new(NULL, NULL) == LIGHTSPEED_STATUS_INVALID_ARGUMENT);
    REFUSED(lightspeed_cancel_new(NULL, &error), "cancel is NULL");
    REFUSED(lightspeed_session_open(nothing, NULL, NULL, &error), "session is NULL");
    REFUSED(lightspeed_session_open(one, NULL, &session, &error), "config is NULL");
    CHECK(session == NULL);
    REFUSED(lightspeed_session_select_survey(NULL, NULL, &selection, &error), "session is NULL");
    REFUSED(lightspeed_session_select_git(NULL, nothing, NULL, &selection, &error), "session is NULL");
    REFUSED(lightspeed_session_select_files(NULL, NULL, 0, NULL, NULL, &error), "selection is NULL");
    REFUSED(lightspeed_selection_benchmark(NULL, 0, &text, &error), "selection is NULL");
    REFUSED(lightspeed_selection_reason_count(NULL, 0, &count, &error), "selection is NULL");
    REFUSED(lightspeed_selection_reason(NULL, 0, 0, NULL, &error), "text is NULL");
    REFUSED(lightspeed_selection_json(NULL, NULL, &error), "json is NULL");
    REFUSED(lightspeed_session_init(NULL, NULL, NULL, &error), "report_json is NULL");
    REFUSED(lightspeed_session_measure_survey(NULL, NULL, NULL, NULL, &error), "measurement is NULL");
    REFUSED(lightspeed_session_results_json(NULL, nothing, NULL, &error), "json is NULL");
    REFUSED(lightspeed_measurement_result(NULL, 0, NULL, &error), "result is NULL");
    REFUSED(lightspeed_experiment_new(NULL, 1, NULL, NULL, &error), "experiment is NULL");
    REFUSED(lightspeed_experiment_next(NULL, NULL, &error), "run is NULL");
    REFUSED(lightspeed_stats_call(nothing, one, NULL, &error), "result_json is NULL");
    REFUSED(lightspeed_blocks_analyse(lost, NULL, &blocks, &error), "source is NULL");
    REFUSED(lightspeed_blocks_analyse(no_bytes, NULL, NULL, &error), "blocks is NULL");
    REFUSED(lightspeed_blocks_id(NULL, 0, &text, &error), "blocks is NULL");
    REFUSED(lightspeed_blocks_kind(NULL, 0, &kind, &error), "blocks is NULL");
    REFUSED(lightspeed_blocks_lines(NULL, 0, &number, NULL, &error), "end_line is NULL");
    REFUSED(lightspeed_blocks_checksum(NULL, 0, &number, &error), "blocks is NULL");
    REFUSED(lightspeed_blocks_diagnostic(NULL, 0, &text, &number, &error), "blocks is NULL");
}

static void a_length_of_zero_ignores_the_pointer(void) {
    lightspeed_bytes empty = { (const uint8_t *)1, 0 };
    lightspeed_blocks *blocks = NULL;
    CHECK(lightspeed_blocks_analyse(empty, NULL, &blocks, NULL) == LIGHTSPEED_STATUS_OK);
    CHECK(lightspeed_blocks_count(blocks) == 1);
    lightspeed_blocks_free(blocks);
}

static void options_are_checked(const char *config) {
    lightspeed_session *session = NULL;
    lightspeed_session_options options = LIGHTSPEED_SESSION_OPTIONS_INIT, filled;
    CHECK(lightspeed_session_options_init(&filled, sizeof filled, NULL) == LIGHTSPEED_STATUS_OK);
    CHECK(filled.struct_size == options.struct_size && filled.launch == options.launch);
    CHECK(filled.cwd.len == 0 && filled.source_root.len == 0 && filled.python.len == 0 && filled.results_dir.len == 0);
    REFUSED(lightspeed_session_options_init(&filled, 3, &error), "struct_size is 3");
    REFUSED(lightspeed_session_options_init(NULL, sizeof filled, &error), "options is NULL");

    lightspeed_select_options select = LIGHTSPEED_SELECT_OPTIONS_INIT, usual;
    CHECK(lightspeed_select_options_init(&usual, sizeof usual, NULL) == LIGHTSPEED_STATUS_OK);
    CHECK(usual.struct_size == select.struct_size && usual.hotfile_threshold == select.hotfile_threshold);
    CHECK(usual.strict_environment == select.strict_environment && usual.cancel == select.cancel);

    lightspeed_blocks_options blocks = LIGHTSPEED_BLOCKS_OPTIONS_INIT, plain;
    CHECK(lightspeed_blocks_options_init(&plain, sizeof plain, NULL) == LIGHTSPEED_STATUS_OK);
    CHECK(plain.struct_size == blocks.struct_size && plain.docstrings == blocks.docstrings);

    size_t sizes[] = { 0, 1, sizeof options - 1, sizeof options + 8, (size_t)-1 };
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        options.struct_size = sizes[i];
        REFUSED(lightspeed_session_open(lightspeed_str_of(config), &options, &session, &error), "struct_size is ");
        CHECK(session == NULL);
    }
    options.struct_size = sizeof options;
    options.launch = 2;
    REFUSED(lightspeed_session_open(lightspeed_str_of(config), &options, &session, &error), "launch is 2");
    options.launch = LIGHTSPEED_LAUNCH_SPAWN;
    lightspeed_str bad = { "\xff", 1 };
    options.python = bad;
    REFUSED(lightspeed_session_open(lightspeed_str_of(config), &options, &session, &error), "python is not UTF-8");
    lightspeed_str torn = { "a\0b", 3 };
    REFUSED(lightspeed_session_open(torn, NULL, &session, &error), "NUL inside");

    CHECK(lightspeed_session_open(lightspeed_str_of(config), NULL, &session, NULL) == LIGHTSPEED_STATUS_OK);
    lightspeed_selection *selection = NULL;
    select.hotfile_threshold = 2;
    REFUSED(lightspeed_session_select_survey(session, &select, &selection, &error), "hotfile_threshold is 2");
    select.hotfile_threshold = 1;
    select.strict_environment = -1;
    REFUSED(lightspeed_session_select_survey(session, &select, &selection, &error), "strict_environment is -1");
    lightspeed_str file = LIGHTSPEED_STR_EMPTY;
    REFUSED(lightspeed_session_select_files(session, &file, 1, NULL, &selection, &error), "empty name");
    REFUSED(lightspeed_session_select_files(session, NULL, 1, NULL, &selection, &error), "files is NULL");
    CHECK(selection == NULL);
    lightspeed_session_free(session);
}

/* The document of a selection of nothing, as the program prints it. */
static void reports_are_printed(const char *json) {
    lightspeed_str document = lightspeed_str_of(json), empty = LIGHTSPEED_STR_EMPTY, unknown = LIGHTSPEED_STR_INIT("{\"schema\": \"other/1\"}");
    lightspeed_buf text = LIGHTSPEED_BUF_INIT;
    lightspeed_report_options options = LIGHTSPEED_REPORT_OPTIONS_INIT, usual;
    CHECK(lightspeed_report_options_init(&usual, sizeof usual, NULL) == LIGHTSPEED_STATUS_OK);
    CHECK(usual.struct_size == options.struct_size && usual.width == 0 && usual.colour == 0);
    REFUSED(lightspeed_report_options_init(&usual, sizeof usual + 8, &error), "struct_size is ");
    CHECK(lightspeed_report_text(document, &options, &text, NULL) == LIGHTSPEED_STATUS_OK);
    CHECK(strncmp(text.ptr, "nothing changed since the survey", 32) == 0 && strlen(text.ptr) == text.len);
    lightspeed_buf_free(&text);
    REFUSED(lightspeed_report_text(document, NULL, NULL, &error), "text is NULL");
    REFUSED(lightspeed_report_text(empty, NULL, &text, &error), "is not JSON");
    REFUSED(lightspeed_report_text(unknown, NULL, &text, &error), "other/1");
    options.width = 65536;
    REFUSED(lightspeed_report_text(document, &options, &text, &error), "width is 65536");
    options.width = 80;
    options.colour = -1;
    REFUSED(lightspeed_report_text(document, &options, &text, &error), "colour is -1");
    options.struct_size = 1;
    REFUSED(lightspeed_report_text(document, &options, &text, &error), "struct_size is 1");
    CHECK(text.ptr == NULL);
}

static void failures_say_what_and_where(const char *config) {
    lightspeed_error *error = NULL;
    lightspeed_session *session = NULL;
    lightspeed_selection *selection = NULL;
    lightspeed_status status = lightspeed_session_open(lightspeed_str_of("no/such/asv.conf.json"), NULL, &session, &error);
    CHECK(status == LIGHTSPEED_STATUS_IO && session == NULL);
    CHECK(lightspeed_error_path(error).len > 0);
    CHECK(says(error, LIGHTSPEED_STATUS_IO, "no/such/asv.conf.json"));

    CHECK(lightspeed_session_open(lightspeed_str_of(config), NULL, &session, &error) == LIGHTSPEED_STATUS_OK);
    CHECK(error == NULL);
    lightspeed_str unknown = LIGHTSPEED_STR_INIT("no_such_file.py");
    status = lightspeed_session_select_files(session, &unknown, 1, NULL, &selection, &error);
    CHECK(status == LIGHTSPEED_STATUS_UNKNOWN_FILE && selection == NULL);
    CHECK(is(lightspeed_error_path(error), "no_such_file.py"));
    CHECK(says(error, LIGHTSPEED_STATUS_UNKNOWN_FILE, "no_such_file.py"));

    lightspeed_str revision = LIGHTSPEED_STR_INIT("no-such-revision");
    status = lightspeed_session_select_git(session, revision, NULL, &selection, &error);
    CHECK(status == LIGHTSPEED_STATUS_GIT);
    CHECK(says(error, LIGHTSPEED_STATUS_GIT, "no-such-revision"));

    /* No file changed: nothing is affected. */
    CHECK(lightspeed_session_select_files(session, NULL, 0, NULL, &selection, &error) == LIGHTSPEED_STATUS_OK);
    CHECK(lightspeed_selection_count(selection) == 0);
    lightspeed_str text = { "untouched", 9 };
    CHECK(lightspeed_selection_benchmark(selection, 0, &text, &error) == LIGHTSPEED_STATUS_OUT_OF_RANGE);
    CHECK(says(error, LIGHTSPEED_STATUS_OUT_OF_RANGE, "there are 0"));
    CHECK(is(text, "untouched"));
    lightspeed_buf json = LIGHTSPEED_BUF_INIT;
    CHECK(lightspeed_selection_json(selection, &json, NULL) == LIGHTSPEED_STATUS_OK);
    CHECK(strstr(json.ptr, "\"lightspeed.select/1\"") != NULL && strlen(json.ptr) == json.len);
    reports_are_printed(json.ptr);
    lightspeed_buf_free(&json);
    lightspeed_buf_free(&json);
    lightspeed_selection_free(selection);

    lightspeed_cancel *cancel = NULL;
    CHECK(lightspeed_cancel_new(&cancel, NULL) == LIGHTSPEED_STATUS_OK);
    lightspeed_select_options options = LIGHTSPEED_SELECT_OPTIONS_INIT;
    options.cancel = cancel;
    CHECK(lightspeed_session_select_survey(session, &options, &selection, NULL) == LIGHTSPEED_STATUS_OK);
    lightspeed_selection_free(selection);
    lightspeed_cancel_raise(cancel);
    CHECK(lightspeed_session_select_survey(session, &options, &selection, &error) == LIGHTSPEED_STATUS_CANCELLED);
    CHECK(says(error, LIGHTSPEED_STATUS_CANCELLED, "interrupted"));
    CHECK(selection == NULL);
    lightspeed_cancel_free(cancel);
    lightspeed_session_free(session);
}

int main(int argc, char **argv) {
    CHECK(argc == 2);
    CHECK(is(lightspeed_version(), LIGHTSPEED_VERSION));
    CHECK(is(lightspeed_status_name(LIGHTSPEED_STATUS_POISONED), "POISONED"));
    CHECK(is(lightspeed_status_name(-7), "UNKNOWN"));
    null_is_harmless();
    required_pointers_are_named();
    a_length_of_zero_ignores_the_pointer();
    options_are_checked(argv[1]);
    failures_say_what_and_where(argv[1]);
    return 0;
}
