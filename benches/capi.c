/*
 * What the C interface costs: `capi survey ROOT SNAPSHOT`, `capi select SNAPSHOT ROOT FILE TIMES`, `capi calls SNAPSHOT ROOT FILE`.
 * benches/capi.py builds and runs it.
 */
#define _POSIX_C_SOURCE 200809L

#include <lightspeed.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { BENCHMARKS = 500, LINES = 400, CALLS = 1000000, TURNS = 4 };

/* In another shared library, as the functions of ours are. */
size_t plain(const void *handle);
/* Of the whole process, where the library that counts them is preloaded. */
extern size_t allocations;

static void need(lightspeed_status status, lightspeed_error **error) {
    if (status == LIGHTSPEED_STATUS_OK)
        return;
    fprintf(stderr, "capi: %s\n", lightspeed_error_message(*error).ptr);
    exit(1);
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static char *contents(const char *path, size_t *size) {
    FILE *file = fopen(path, "rb");
    char *bytes = malloc(1 << 26);
    if (!file || !bytes) {
        fprintf(stderr, "capi: %s cannot be read\n", path);
        exit(1);
    }
    *size = fread(bytes, 1, 1 << 26, file);
    fclose(file);
    return bytes;
}

static lightspeed_index *load(const char *path) {
    size_t size = 0;
    char *bytes = contents(path, &size);
    lightspeed_index *index = NULL;
    lightspeed_error *error = NULL;
    need(lightspeed_index_load((lightspeed_bytes){(const uint8_t *)bytes, size}, &index, &error), &error);
    free(bytes);
    return index;
}

/* Every benchmark executes the first lines of ten files. */
static void survey(const char *root, const char *out) {
    lightspeed_survey *survey = NULL, *first = NULL;
    lightspeed_index *index = NULL, *files = NULL;
    lightspeed_error *error = NULL;
    lightspeed_buf bytes = LIGHTSPEED_BUF_INIT;
    size_t count = 0;
    uint32_t lines[LINES], number = 0;
    for (uint32_t i = 0; i < LINES; i++)
        lines[i] = i + 1;
    need(lightspeed_survey_new(NULL, &first, &error), &error);
    need(lightspeed_survey_add_directory(first, lightspeed_str_of(root), &count, &error), &error);
    need(lightspeed_survey_finish(first, &files, &error), &error);
    need(lightspeed_survey_new(NULL, &survey, &error), &error);
    need(lightspeed_survey_add_directory(survey, lightspeed_str_of(root), &count, &error), &error);
    for (size_t i = 0; i < BENCHMARKS; i++) {
        char name[32];
        snprintf(name, sizeof name, "bench.time_%zu", i);
        need(lightspeed_survey_add_benchmark(survey, lightspeed_str_of(name), &number, &error), &error);
        for (size_t j = 0; j < 10; j++) {
            lightspeed_str path;
            need(lightspeed_index_file(files, (i * 7 + j * 13) % count, &path, &error), &error);
            need(lightspeed_survey_executed(survey, number, path, lines, LINES, &error), &error);
        }
    }
    need(lightspeed_survey_finish(survey, &index, &error), &error);
    need(lightspeed_index_save(index, &bytes, &error), &error);
    FILE *file = fopen(out, "wb");
    if (!file || fwrite(bytes.ptr, 1, bytes.len, file) != bytes.len || fclose(file) != 0) {
        fprintf(stderr, "capi: %s cannot be written\n", out);
        exit(1);
    }
    printf("%zu %zu\n", count, bytes.len);
}

static lightspeed_selection *selected(const lightspeed_index *index, lightspeed_file file) {
    lightspeed_selection *selection = NULL;
    lightspeed_error *error = NULL;
    need(lightspeed_index_select(index, &file, 1, NULL, &selection, &error), &error);
    return selection;
}

/* The file with one statement more at its end. */
static lightspeed_file changed(const char *root, const char *name) {
    char path[4096];
    size_t size = 0;
    snprintf(path, sizeof path, "%s/%s", root, name);
    char *bytes = contents(path, &size);
    memcpy(bytes + size, "\nlate = 1\n", 10);
    return (lightspeed_file){lightspeed_str_of(name), {(const uint8_t *)bytes, size + 10}, 0};
}

/* Every time, in seconds. */
static void select_often(const lightspeed_index *index, lightspeed_file file, int times) {
    for (int i = 0; i < times; i++) {
        double began = now();
        lightspeed_selection *selection = selected(index, file);
        double took = now() - began;
        printf("%zu %.9f\n", lightspeed_selection_count(selection), took);
        lightspeed_selection_free(selection);
    }
}

static double plainly(const lightspeed_selection *selection, size_t *sum) {
    double began = now();
    for (size_t i = 0; i < CALLS; i++)
        *sum += plain(selection);
    return now() - began;
}

static double counting(const lightspeed_selection *selection, size_t *sum) {
    double began = now();
    for (size_t i = 0; i < CALLS; i++)
        *sum += lightspeed_selection_count(selection);
    return now() - began;
}

static double walking(const lightspeed_selection *selection, size_t *sum) {
    size_t count = lightspeed_selection_count(selection);
    double began = now();
    for (size_t i = 0; i < CALLS; i++) {
        lightspeed_str text;
        lightspeed_error *error = NULL;
        need(lightspeed_selection_benchmark(selection, i % count, &text, &error), &error);
        *sum += text.len;
    }
    return now() - began;
}

static double least(double one, double other) {
    return one < other ? one : other;
}

/*
 * Nanoseconds of a call: of a plain function, of one that counts, of one that gives a text with all its checks. Then the allocations of
 * the selection, and those of walking it.
 */
static void calls(const lightspeed_index *index, lightspeed_file file) {
    size_t before = allocations, sum = 0;
    lightspeed_selection *selection = selected(index, file);
    size_t selecting = allocations - before;
    double bare = 1e9, counted = 1e9, item = 1e9;
    if (lightspeed_selection_count(selection) == 0) {
        fprintf(stderr, "capi: nothing is affected\n");
        exit(1);
    }
    before = allocations;
    for (int turn = 0; turn < TURNS; turn++) {
        bare = least(bare, plainly(selection, &sum));
        counted = least(counted, counting(selection, &sum));
        item = least(item, walking(selection, &sum));
    }
    size_t walked = allocations - before;
    printf("%.2f %.2f %.2f ", bare * 1e9 / CALLS, counted * 1e9 / CALLS, item * 1e9 / CALLS);
    printf("%zu %zu %zu\n", selecting, walked, sum);
    lightspeed_selection_free(selection);
}

int main(int argc, char **argv) {
    if (argc == 4 && strcmp(argv[1], "survey") == 0)
        survey(argv[2], argv[3]);
    else if (argc == 6 && strcmp(argv[1], "select") == 0)
        select_often(load(argv[2]), changed(argv[3], argv[4]), atoi(argv[5]));
    else if (argc == 5 && strcmp(argv[1], "calls") == 0)
        calls(load(argv[2]), changed(argv[3], argv[4]));
    else
        return 2;
    return 0;
}
