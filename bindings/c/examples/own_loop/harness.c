/*
 * A harness with a timing loop of its own. Lightspeed tells it what to run, and what the numbers say:
 *
 *   harness survey    runs every benchmark once for coverage and times it: what later runs are compared with
 *   harness check     times what the changes since then affect; exits with 2 where something became slower
 *
 * Both keep what they know in sorting.db.
 */
#define _POSIX_C_SOURCE 200809L

#include "suite.h"

#include <lightspeed.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { SAMPLES = 25, SLOWER = 2 };

static const char DATABASE[] = "sorting.db";

/* Prints an error and ends the program; does nothing after success. The error is read after the call, which the pointer is for. */
static void need(lightspeed_status status, lightspeed_error **error) {
    if (status == LIGHTSPEED_STATUS_OK)
        return;
    lightspeed_str message = lightspeed_error_message(*error);
    fprintf(stderr, "harness: %.*s\n", (int)message.len, message.ptr);
    lightspeed_error_free(*error);
    exit(1);
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

/* Seconds of one call, the mean over enough calls for the clock. */
static double sample(const benchmark *what) {
    size_t calls = 1;
    for (;; calls *= 2) {
        double began = now();
        for (size_t i = 0; i < calls; i++)
            what->run();
        double took = now() - began;
        if (took > 2e-3)
            return took / (double)calls;
    }
}

static void measure(const benchmark *what, double samples[SAMPLES]) {
    what->run();
    for (size_t i = 0; i < SAMPLES; i++)
        samples[i] = sample(what);
}

/* The whole of a file; the caller frees it. */
static lightspeed_bytes contents(const char *path) {
    FILE *file = fopen(path, "rb");
    long size = 0;
    uint8_t *bytes = NULL;
    if (file && fseek(file, 0, SEEK_END) == 0 && (size = ftell(file)) >= 0) {
        rewind(file);
        bytes = malloc((size_t)size + 1);
    }
    if (!bytes || fread(bytes, 1, (size_t)size, file) != (size_t)size) {
        fprintf(stderr, "harness: %s cannot be read\n", path);
        exit(1);
    }
    fclose(file);
    return (lightspeed_bytes){bytes, (size_t)size};
}

/* Which lines a benchmark executes, by gcov. */
static lightspeed_coverage *coverage_of(const char *name) {
    char text[256];
    snprintf(text, sizeof text, "./coverage.sh %s", name);
    if (system(text) != 0) {
        fprintf(stderr, "harness: `%s` failed\n", text);
        exit(1);
    }
    snprintf(text, sizeof text, "coverage/%s.info", name);
    lightspeed_bytes report = contents(text);
    lightspeed_error *error = NULL;
    lightspeed_coverage *coverage = NULL;
    need(lightspeed_coverage_read(report, LIGHTSPEED_COVERAGE_FORMAT_LCOV, &coverage, &error), &error);
    free((void *)report.ptr);
    return coverage;
}

static lightspeed_store *database(int32_t mode) {
    lightspeed_error *error = NULL;
    lightspeed_store *store = NULL;
    need(lightspeed_store_open(lightspeed_str_of(DATABASE), mode, &store, &error), &error);
    return store;
}

static int survey(void) {
    lightspeed_error *error = NULL;
    lightspeed_survey *survey = NULL;
    lightspeed_index *index = NULL;
    size_t files = 0;
    need(lightspeed_survey_new(NULL, &survey, &error), &error);
    need(lightspeed_survey_add_directory(survey, lightspeed_str_of("."), &files, &error), &error);
    for (size_t i = 0; i < SUITE_SIZE; i++) {
        uint32_t number = 0;
        size_t known = 0;
        lightspeed_coverage *coverage = coverage_of(SUITE[i].name);
        need(lightspeed_survey_add_benchmark(survey, lightspeed_str_of(SUITE[i].name), &number, &error), &error);
        need(lightspeed_survey_covered(survey, number, coverage, &known, &error), &error);
        lightspeed_coverage_free(coverage);
    }
    need(lightspeed_survey_finish(survey, &index, &error), &error);

    lightspeed_store *store = database(LIGHTSPEED_STORE_MODE_WRITE);
    need(lightspeed_store_put_survey(store, index, &error), &error);
    for (size_t i = 0; i < SUITE_SIZE; i++) {
        double samples[SAMPLES];
        measure(&SUITE[i], samples);
        need(lightspeed_store_put_baseline(store, lightspeed_str_of(SUITE[i].name), lightspeed_str_of("seconds"), samples, SAMPLES,
                                           &error), &error);
    }
    printf("%zu benchmarks surveyed and measured, %zu source files\n", SUITE_SIZE, files);
    lightspeed_index_free(index);
    lightspeed_store_free(store);
    return 0;
}

/* Compares a benchmark with its baseline; whether it became slower. */
static int compare(const lightspeed_store *store, const benchmark *what) {
    double before[SAMPLES], after[SAMPLES];
    size_t count = 0;
    lightspeed_error *error = NULL;
    lightspeed_result result;
    need(lightspeed_store_baseline(store, lightspeed_str_of(what->name), before, SAMPLES, &count, &error), &error);
    if (count == 0) {
        printf("%-12s has no baseline\n", what->name);
        return 0;
    }
    measure(what, after);
    need(lightspeed_stats_compare(before, count < SAMPLES ? count : SAMPLES, after, SAMPLES, NULL, &result, &error), &error);
    const char *verdict = result.verdict == LIGHTSPEED_VERDICT_REGRESSED  ? "slower"
                          : result.verdict == LIGHTSPEED_VERDICT_IMPROVED ? "faster"
                                                                          : "no clear change";
    printf("%-12s %9.2f us %9.2f us  x%.2f (%.2f to %.2f)  %s\n", what->name, result.baseline * 1e6, result.current * 1e6, result.ratio,
           result.low, result.high, verdict);
    return result.verdict == LIGHTSPEED_VERDICT_REGRESSED;
}

static int check(void) {
    lightspeed_error *error = NULL;
    lightspeed_index *index = NULL;
    lightspeed_selection *selection = NULL;
    lightspeed_store *store = database(LIGHTSPEED_STORE_MODE_READ);
    need(lightspeed_store_survey(store, &index, &error), &error);
    need(lightspeed_index_select_directory(index, lightspeed_str_of("."), NULL, &selection, &error), &error);
    size_t affected = lightspeed_selection_count(selection);
    printf("%zu affected, %zu not\n", affected, lightspeed_selection_unaffected_count(selection));
    int slower = 0;
    for (size_t i = 0; i < affected; i++) {
        lightspeed_str name, reason;
        need(lightspeed_selection_benchmark(selection, i, &name, &error), &error);
        need(lightspeed_selection_reason(selection, i, 0, &reason, &error), &error);
        printf("%.*s: %.*s\n", (int)name.len, name.ptr, (int)reason.len, reason.ptr);
        for (size_t j = 0; j < SUITE_SIZE; j++)
            if (strlen(SUITE[j].name) == name.len && memcmp(SUITE[j].name, name.ptr, name.len) == 0)
                slower |= compare(store, &SUITE[j]);
    }
    lightspeed_selection_free(selection);
    lightspeed_index_free(index);
    lightspeed_store_free(store);
    return slower ? SLOWER : 0;
}

int main(int argc, char **argv) {
    if (lightspeed_abi_version() != LIGHTSPEED_ABI_VERSION) {
        fprintf(stderr, "harness: the library has another binary interface than the header\n");
        return 1;
    }
    if (argc == 2 && strcmp(argv[1], "survey") == 0)
        return survey();
    if (argc == 2 && strcmp(argv[1], "check") == 0)
        return check();
    fprintf(stderr, "usage: harness survey|check\n");
    return 1;
}
