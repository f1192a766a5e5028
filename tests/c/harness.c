/* A harness that surveys by itself: coverage in, a survey, questions, a database. `harness DIRECTORY`, an empty one. */
#include "check.h"

#include <pthread.h>

#define OK(call) CHECK((call) == LIGHTSPEED_STATUS_OK)

static const char PYTHON[] = "def one():\n    return 1\n\n\ndef two():\n    return 2\n";
static const char CHANGED[] = "def one():\n    return 1\n\n\ndef two():\n    return 1 + 1\n";
static const char LCOV[] = "SF:/build/src/sort.c\nDA:1,4\nDA:2,0\nDA:3,1\nend_of_record\nSF:/usr/include/stdio.h\nDA:9,1\nend_of_record\n";

static lightspeed_bytes bytes(const char *text) {
    return (lightspeed_bytes){ (const uint8_t *)text, strlen(text) };
}

static lightspeed_file file(const char *path, const char *content) {
    return (lightspeed_file){ lightspeed_str_of(path), bytes(content), 0 };
}

static void coverage_is_read(void) {
    lightspeed_coverage *coverage = NULL;
    lightspeed_error *error = NULL;
    lightspeed_str path;
    const uint32_t *lines = NULL;
    size_t count = 9;
    OK(lightspeed_coverage_read(bytes(LCOV), LIGHTSPEED_COVERAGE_FORMAT_ANY, &coverage, &error));
    CHECK(lightspeed_coverage_count(coverage) == 2 && lightspeed_coverage_count(NULL) == 0);
    OK(lightspeed_coverage_path(coverage, 0, &path, NULL));
    CHECK(is(path, "/build/src/sort.c"));
    OK(lightspeed_coverage_lines(coverage, 0, &lines, &count, NULL));
    CHECK(count == 2 && lines[0] == 1 && lines[1] == 3);
    CHECK(lightspeed_coverage_lines(coverage, 2, &lines, &count, &error) == LIGHTSPEED_STATUS_OUT_OF_RANGE);
    CHECK(count == 2 && says(error, LIGHTSPEED_STATUS_OUT_OF_RANGE, "there is no file 2: there are 2"));
    CHECK(lightspeed_coverage_path(coverage, 0, NULL, &error) == LIGHTSPEED_STATUS_INVALID_ARGUMENT);
    CHECK(says(error, LIGHTSPEED_STATUS_INVALID_ARGUMENT, "path is NULL"));
    CHECK(lightspeed_coverage_lines(NULL, 0, &lines, &count, NULL) == LIGHTSPEED_STATUS_INVALID_ARGUMENT);
    lightspeed_coverage_free(coverage);
    lightspeed_coverage_free(NULL);

    CHECK(lightspeed_coverage_read(bytes(LCOV), LIGHTSPEED_COVERAGE_FORMAT_COBERTURA, &coverage, &error) == LIGHTSPEED_STATUS_COVERAGE);
    CHECK(coverage == NULL && says(error, LIGHTSPEED_STATUS_COVERAGE, "the coverage report cannot be used: "));
    CHECK(lightspeed_coverage_read(bytes(LCOV), 77, &coverage, &error) == LIGHTSPEED_STATUS_INVALID_ARGUMENT);
    CHECK(says(error, LIGHTSPEED_STATUS_INVALID_ARGUMENT, "that is no lightspeed_coverage_format"));
    CHECK(lightspeed_coverage_read((lightspeed_bytes){ NULL, 3 }, 0, &coverage, NULL) == LIGHTSPEED_STATUS_INVALID_ARGUMENT);
    CHECK(lightspeed_coverage_read((lightspeed_bytes){ NULL, 0 }, 0, &coverage, NULL) == LIGHTSPEED_STATUS_COVERAGE);
    CHECK(lightspeed_coverage_read(bytes(LCOV), 0, NULL, NULL) == LIGHTSPEED_STATUS_INVALID_ARGUMENT);
}

/* Two benchmarks in Python, one in C, one of which nothing is told. */
static lightspeed_index *surveyed(void) {
    lightspeed_survey *survey = NULL;
    lightspeed_index *index = NULL;
    lightspeed_coverage *coverage = NULL;
    uint32_t one = 9, two = 9, sort = 9, unknown = 9, line = 2, other = 6;
    size_t known = 0;
    OK(lightspeed_survey_new(NULL, &survey, NULL));
    OK(lightspeed_survey_add_file(survey, lightspeed_str_of("core.py"), bytes(PYTHON), NULL));
    OK(lightspeed_survey_add_file(survey, lightspeed_str_of("src/sort.c"), bytes("int x;\n"), NULL));
    OK(lightspeed_survey_add_file(survey, lightspeed_str_of("data.csv"), (lightspeed_bytes){ NULL, 0 }, NULL));
    OK(lightspeed_survey_add_benchmark(survey, lightspeed_str_of("one"), &one, NULL));
    OK(lightspeed_survey_add_benchmark(survey, lightspeed_str_of("two"), &two, NULL));
    OK(lightspeed_survey_add_benchmark(survey, lightspeed_str_of("sort"), &sort, NULL));
    OK(lightspeed_survey_add_benchmark(survey, lightspeed_str_of("unknown"), &unknown, NULL));
    CHECK(one == 0 && two == 1 && sort == 2 && unknown == 3);
    OK(lightspeed_survey_executed(survey, one, lightspeed_str_of("core.py"), &line, 1, NULL));
    OK(lightspeed_survey_executed(survey, one, lightspeed_str_of("core.py"), NULL, 0, NULL));
    OK(lightspeed_survey_executed(survey, two, lightspeed_str_of("core.py"), &other, 1, NULL));
    OK(lightspeed_survey_depends_on(survey, two, lightspeed_str_of("data.csv"), NULL));
    OK(lightspeed_coverage_read(bytes(LCOV), LIGHTSPEED_COVERAGE_FORMAT_LCOV, &coverage, NULL));
    OK(lightspeed_survey_covered(survey, sort, coverage, &known, NULL));
    CHECK(known == 1);
    lightspeed_coverage_free(coverage);
    OK(lightspeed_survey_finish(survey, &index, NULL));
    return index;
}

static void surveys_refuse(void) {
    lightspeed_survey *survey = NULL;
    lightspeed_index *index = NULL;
    lightspeed_error *error = NULL;
    uint32_t number = 0;
    size_t count = 0;
    lightspeed_blocks_options odd = { 3, 0, 0 };
    CHECK(lightspeed_survey_new(&odd, &survey, &error) == LIGHTSPEED_STATUS_INVALID_ARGUMENT);
    CHECK(survey == NULL && says(error, LIGHTSPEED_STATUS_INVALID_ARGUMENT, "struct_size is 3"));
    OK(lightspeed_survey_new(NULL, &survey, NULL));
    CHECK(lightspeed_survey_add_file(survey, lightspeed_str_of("../x"), bytes(""), &error) == LIGHTSPEED_STATUS_INVALID_ARGUMENT);
    CHECK(says(error, LIGHTSPEED_STATUS_INVALID_ARGUMENT, "no path below the source root"));
    CHECK(lightspeed_survey_add_file(NULL, lightspeed_str_of("x"), bytes(""), NULL) == LIGHTSPEED_STATUS_INVALID_ARGUMENT);
    CHECK(lightspeed_survey_add_benchmark(survey, lightspeed_str_of(""), &number, NULL) == LIGHTSPEED_STATUS_INVALID_ARGUMENT);
    CHECK(lightspeed_survey_doubt(survey, 3, lightspeed_str_of("x"), NULL) == LIGHTSPEED_STATUS_INVALID_ARGUMENT);
    CHECK(lightspeed_survey_add_directory(survey, lightspeed_str_of("/no/such/place"), &count, &error) == LIGHTSPEED_STATUS_IO);
    CHECK(says(error, LIGHTSPEED_STATUS_IO, "/no/such/place"));
    CHECK(lightspeed_survey_finish(NULL, &index, NULL) == LIGHTSPEED_STATUS_INVALID_ARGUMENT);
    /* Consumed although it fails. */
    CHECK(lightspeed_survey_finish(survey, NULL, NULL) == LIGHTSPEED_STATUS_INVALID_ARGUMENT);
    lightspeed_survey_free(NULL);
}

/* Whether the file affects exactly these, in words separated by spaces. */
static int affects(const lightspeed_index *index, const lightspeed_file *files, size_t count, const char *expected) {
    lightspeed_selection *selection = NULL;
    char found[256] = "";
    OK(lightspeed_index_select(index, files, count, NULL, &selection, NULL));
    for (size_t i = 0; i < lightspeed_selection_count(selection); i++) {
        lightspeed_str name;
        OK(lightspeed_selection_benchmark(selection, i, &name, NULL));
        snprintf(found + strlen(found), sizeof found - strlen(found), "%s%.*s", i ? " " : "", (int)name.len, name.ptr);
    }
    lightspeed_selection_free(selection);
    return strcmp(found, expected) == 0;
}

static void questions_are_answered(const lightspeed_index *index) {
    lightspeed_file core = file("core.py", CHANGED), sort = file("src/sort.c", "int y;\n"), gone = file("data.csv", "");
    lightspeed_file both[2];
    lightspeed_error *error = NULL;
    lightspeed_selection *selection = NULL;
    gone.deleted = 1;
    both[0] = core;
    both[1] = sort;
    lightspeed_file same = file("core.py", PYTHON);
    CHECK(affects(index, NULL, 0, "") && affects(index, &same, 1, ""));
    CHECK(affects(index, &core, 1, "two unknown") && affects(index, &sort, 1, "sort unknown"));
    CHECK(affects(index, &gone, 1, "two unknown") && affects(index, both, 2, "two sort unknown"));
    core.deleted = 7;
    CHECK(lightspeed_index_select(index, &core, 1, NULL, &selection, &error) == LIGHTSPEED_STATUS_INVALID_ARGUMENT);
    CHECK(selection == NULL && says(error, LIGHTSPEED_STATUS_INVALID_ARGUMENT, "deleted is 7"));
    CHECK(lightspeed_index_select(index, NULL, 1, NULL, &selection, NULL) == LIGHTSPEED_STATUS_INVALID_ARGUMENT);

    lightspeed_cancel *cancel = NULL;
    lightspeed_select_options options = LIGHTSPEED_SELECT_OPTIONS_INIT;
    OK(lightspeed_cancel_new(&cancel, NULL));
    lightspeed_cancel_raise(cancel);
    options.cancel = cancel;
    CHECK(lightspeed_index_select(index, &sort, 1, &options, &selection, NULL) == LIGHTSPEED_STATUS_CANCELLED);
    lightspeed_cancel_free(cancel);
}

/* The same index again from its bytes; other bytes are refused. */
static lightspeed_index *saved_and_loaded(lightspeed_index *index) {
    lightspeed_buf saved = LIGHTSPEED_BUF_INIT;
    lightspeed_index *again = NULL, *none = NULL;
    lightspeed_error *error = NULL;
    OK(lightspeed_index_save(index, &saved, NULL));
    lightspeed_index_free(index);
    lightspeed_bytes whole = { (const uint8_t *)saved.ptr, saved.len }, cut = whole;
    OK(lightspeed_index_load(whole, &again, NULL));
    cut.len -= 1;
    CHECK(lightspeed_index_load(cut, &none, &error) == LIGHTSPEED_STATUS_DATABASE);
    CHECK(none == NULL && says(error, LIGHTSPEED_STATUS_DATABASE, "the snapshot is damaged"));
    saved.ptr[4] = 9;
    CHECK(lightspeed_index_load(whole, &none, NULL) == LIGHTSPEED_STATUS_VERSION);
    lightspeed_buf_free(&saved);
    return again;
}

static void a_store_keeps(const char *path, const lightspeed_index *index) {
    lightspeed_store *store = NULL, *reader = NULL;
    lightspeed_index *again = NULL;
    lightspeed_error *error = NULL;
    lightspeed_buf json = LIGHTSPEED_BUF_INIT, report = LIGHTSPEED_BUF_INIT;
    double samples[] = { 1.0, 2.0, 3.0 }, read[2] = { 0, 0 }, odd = -1.0;
    size_t count = 9;
    lightspeed_str one = lightspeed_str_of("one"), seconds = lightspeed_str_of("seconds"), step = lightspeed_str_of("s1");
    CHECK(lightspeed_store_open(lightspeed_str_of(path), LIGHTSPEED_STORE_MODE_READ, &store, &error) == LIGHTSPEED_STATUS_NO_SURVEY);
    lightspeed_error_free(error);
    CHECK(lightspeed_store_open(lightspeed_str_of(path), 5, &store, NULL) == LIGHTSPEED_STATUS_INVALID_ARGUMENT);
    OK(lightspeed_store_open(lightspeed_str_of(path), LIGHTSPEED_STORE_MODE_WRITE, &store, &error));
    CHECK(lightspeed_store_survey(store, &again, &error) == LIGHTSPEED_STATUS_NO_SURVEY && again == NULL);
    lightspeed_error_free(error);
    CHECK(lightspeed_store_put_baseline(store, one, seconds, samples, 3, NULL) == LIGHTSPEED_STATUS_NO_SURVEY);
    OK(lightspeed_store_put_survey(store, index, &error));
    OK(lightspeed_store_put_baseline(store, one, seconds, samples, 3, &error));
    CHECK(lightspeed_store_put_baseline(store, one, seconds, samples, 0, NULL) == LIGHTSPEED_STATUS_INVALID_ARGUMENT);
    OK(lightspeed_store_baseline(store, one, NULL, 0, &count, &error));
    CHECK(count == 3);
    OK(lightspeed_store_baseline(store, one, read, 2, &count, &error));
    CHECK(count == 3 && read[0] == 1.0 && read[1] == 2.0);
    OK(lightspeed_store_baseline(store, lightspeed_str_of("two"), &odd, 1, &count, &error));
    CHECK(count == 0 && odd == -1.0);
    CHECK(lightspeed_store_put_result(store, step, one, seconds, samples, 3, 0, &error) == LIGHTSPEED_STATUS_INVALID_ARGUMENT);
    CHECK(says(error, LIGHTSPEED_STATUS_INVALID_ARGUMENT, "begin it first"));
    OK(lightspeed_store_begin_step(store, step, &error));
    OK(lightspeed_store_put_result(store, step, one, seconds, samples, 3, LIGHTSPEED_VERDICT_EQUIVALENT, &error));
    CHECK(lightspeed_store_put_result(store, step, one, seconds, samples, 3, 99, NULL) == LIGHTSPEED_STATUS_INVALID_ARGUMENT);

    /* Another one reads while this one is open. */
    OK(lightspeed_store_open(lightspeed_str_of(path), LIGHTSPEED_STORE_MODE_READ, &reader, &error));
    OK(lightspeed_store_survey(reader, &again, &error));
    OK(lightspeed_store_results_json(reader, step, &json, &error));
    CHECK(strstr(json.ptr, "\"equivalent\"") && strstr(json.ptr, "lightspeed.results/1"));
    lightspeed_buf_free(&json);
    OK(lightspeed_store_suite_json(reader, &json, &error));
    CHECK(strstr(json.ptr, "\"core.py\"") && strstr(json.ptr, "lightspeed.suite/1"));
    lightspeed_buf_free(&json);
    lightspeed_store_free(reader);

    /* What it exports it takes back; what its survey does not know it refuses, and says so. */
    OK(lightspeed_store_baselines_json(store, &json, &error));
    OK(lightspeed_store_load_baselines(store, (lightspeed_str){ json.ptr, json.len }, &report, &error));
    CHECK(strstr(report.ptr, "\"loaded\":1") && strstr(report.ptr, "\"refused\":{}"));
    lightspeed_buf_free(&report);
    lightspeed_buf_free(&json);
    OK(lightspeed_store_load_baselines(store, lightspeed_str_of("{\"gone\": {\"median\": 1}}"), &report, &error));
    CHECK(strstr(report.ptr, "\"loaded\":0") && strstr(report.ptr, "\"gone\""));
    lightspeed_buf_free(&report);
    CHECK(lightspeed_store_load_baselines(store, lightspeed_str_of("7"), &report, NULL) == LIGHTSPEED_STATUS_INVALID_ARGUMENT);
    OK(lightspeed_store_baseline(store, one, read, 2, &count, &error));
    CHECK(count == 3 && read[0] == 1.0 && read[1] == 2.0);
    lightspeed_store_free(store);
    lightspeed_store_free(NULL);
    questions_are_answered(again);
    lightspeed_index_free(again);
}

static void *ask(void *index) {
    lightspeed_file core = file("core.py", CHANGED);
    for (int i = 0; i < 50; i++) {
        CHECK(affects(index, &core, 1, "two unknown"));
    }
    return NULL;
}

static void threads_share(lightspeed_index *index) {
    pthread_t threads[8];
    for (int i = 0; i < 8; i++) {
        CHECK(pthread_create(&threads[i], NULL, ask, index) == 0);
    }
    for (int i = 0; i < 8; i++) {
        CHECK(pthread_join(threads[i], NULL) == 0);
    }
}

int main(int argc, char **argv) {
    CHECK(argc == 2);
    char path[4096];
    snprintf(path, sizeof path, "%s/kept.db", argv[1]);
    coverage_is_read();
    surveys_refuse();
    lightspeed_index *index = surveyed();
    lightspeed_str name;
    CHECK(lightspeed_index_count(index) == 4 && lightspeed_index_file_count(index) == 3 && lightspeed_index_count(NULL) == 0);
    OK(lightspeed_index_benchmark(index, 3, &name, NULL));
    CHECK(is(name, "unknown"));
    OK(lightspeed_index_file(index, 1, &name, NULL));
    CHECK(is(name, "src/sort.c"));
    CHECK(lightspeed_index_benchmark(index, 4, &name, NULL) == LIGHTSPEED_STATUS_OUT_OF_RANGE);
    questions_are_answered(index);
    index = saved_and_loaded(index);
    questions_are_answered(index);
    a_store_keeps(path, index);
    threads_share(index);
    lightspeed_index_free(index);
    lightspeed_index_free(NULL);
    puts("surveyed, asked, kept");
    return 0;
}
