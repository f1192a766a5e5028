/*
 * Sorts arrays of two sizes in slices, with one to four threads, and says how much faster each number of threads is and by which law.
 * The points, their order and what the times say come from Lightspeed; the timing loop is this program's.
 */
#define _POSIX_C_SOURCE 200809L

#include <lightspeed.h>

#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Slices are as many for any number of threads, so that the work is the same. */
enum { MOST = 1 << 16, SLICES = 12, THREADS = 4 };

/* The last axis changes first: the point of index i has the size SIZES[i / THREADS] and i % THREADS + 1 threads. */
static const int SIZES[] = {16384, 65536};
static const char PLAN[] =
    "{\"design\": {\"kind\": \"sweep\", \"axes\": [\"size=16384,65536\", \"threads=1,2,3,4\"], \"repeats\": 6},"
    " \"alpha\": 0.05, \"seed\": 1, \"warmups\": 1, \"budget_s\": null}";

static int source[MOST], values[MOST];

/* What one thread sorts: every so many slices from its own. */
struct share {
    pthread_t thread;
    int first, threads, size;
};

static void need(lightspeed_status status, lightspeed_error **error) {
    if (status == LIGHTSPEED_STATUS_OK)
        return;
    lightspeed_str message = lightspeed_error_message(*error);
    fprintf(stderr, "sweep: %.*s\n", (int)message.len, message.ptr);
    lightspeed_error_free(*error);
    exit(1);
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static int ascending(const void *a, const void *b) {
    int first = *(const int *)a, second = *(const int *)b;
    return (first > second) - (first < second);
}

static void *sorted(void *given) {
    const struct share *own = given;
    int length = own->size / SLICES;
    for (int slice = own->first; slice < SLICES; slice += own->threads)
        qsort(values + slice * length, (size_t)length, sizeof *values, ascending);
    return NULL;
}

/* Seconds that it took; below 0 where a thread could not be started. */
static double sort(int size, int threads) {
    struct share shares[SLICES];
    int started = 0;
    memcpy(values, source, (size_t)size * sizeof *values);
    double began = now();
    for (; started < threads; started++) {
        shares[started] = (struct share){.first = started, .threads = threads, .size = size};
        if (pthread_create(&shares[started].thread, NULL, sorted, &shares[started]) != 0)
            break;
    }
    for (int i = 0; i < started; i++)
        pthread_join(shares[i].thread, NULL);
    return started == threads ? now() - began : -1.0;
}

/* Runs what is asked for and records what it took. */
static void run_all(lightspeed_experiment *sweep) {
    lightspeed_error *error = NULL;
    lightspeed_run run;
    for (;;) {
        need(lightspeed_experiment_next(sweep, &run, &error), &error);
        if (!run.more)
            return;
        double took = sort(SIZES[run.index / THREADS], (int)(run.index % THREADS) + 1);
        if (took > 0.0)
            need(lightspeed_experiment_record(sweep, &took, 1, took, &error), &error);
        else
            need(lightspeed_experiment_record_failed(sweep, lightspeed_str_of("a thread could not be started"), &error), &error);
    }
}

/* A row for each point. A ratio is of times; the speed-up is its inverse, with the ends of the interval changed over. */
static void print_points(const lightspeed_experiment *sweep) {
    lightspeed_error *error = NULL;
    printf("%8s %8s %12s %9s\n", "size", "threads", "median", "speed-up");
    for (size_t i = 0; i < lightspeed_experiment_count(sweep); i++) {
        lightspeed_result found;
        need(lightspeed_experiment_result(sweep, i, &found, &error), &error);
        printf("%8d %8d ", SIZES[i / THREADS], (int)(i % THREADS) + 1);
        if (found.outcome == LIGHTSPEED_OUTCOME_OK && !isnan(found.ratio))
            printf("%9.3f ms %8.2fx [%.2f, %.2f]\n", found.current * 1e3, 1.0 / found.ratio, 1.0 / found.high, 1.0 / found.low);
        else
            printf("nothing to compare\n");
    }
}

/* The law of each line. A program that reads JSON finds more there: the numbers of each law, and their intervals. */
static void print_laws(const lightspeed_experiment *sweep) {
    static const char SCALING[] = "\"scaling\":{\"model\":";
    lightspeed_error *error = NULL;
    lightspeed_buf json = LIGHTSPEED_BUF_INIT;
    need(lightspeed_experiment_results_json(sweep, &json, &error), &error);
    for (const char *at = json.ptr; (at = strstr(at, SCALING)) != NULL;) {
        char model[32], reason[200];
        at += sizeof SCALING - 1;
        if (sscanf(at, "\"%31[a-z]\"", model) == 1)
            printf("law: %s\n", model);
        else if (sscanf(at, "null,\"reason\":\"%199[^\"]\"", reason) == 1)
            printf("%s\n", reason);
    }
    lightspeed_buf_free(&json);
}

int main(void) {
    lightspeed_error *error = NULL;
    lightspeed_experiment *sweep = NULL;
    unsigned random = 1;
    for (int i = 0; i < MOST; i++)
        source[i] = (int)((random = random * 1664525u + 1013904223u) >> 8);
    need(lightspeed_experiment_from_plan(lightspeed_str_of(PLAN), &sweep, &error), &error);
    run_all(sweep);
    print_points(sweep);
    print_laws(sweep);
    lightspeed_experiment_free(sweep);
    return 0;
}
