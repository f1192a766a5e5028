/* Plays an experiment of the shared vectors: the input says what its runs give (run.py writes it), the output how many there were, the results
   and the state. */
#include "check.h"

#define MOST 32
#define OK(call) CHECK((call) == LIGHTSPEED_STATUS_OK)

/* What a benchmark is told to give: the level of one of its sides, and what ends it in which pair. */
struct told {
    char benchmark[32], kind[16], reason[128];
    double level;
    size_t pair;
};

static struct told told[MOST];
static size_t told_count;

/* What the runs of an experiment have in common. */
static unsigned long long seed;
static size_t values;
static double spread;
/* The side that has levels. */
static int levelled;
/* Below 0 for never. */
static long long cancel_after;

/* Reads `BENCHMARK LEVEL PAIR KIND REASON`, with `-` for no end; the reason, which may have any bytes, in hexadecimal. */
static void tell(const char *text) {
    CHECK(told_count < MOST);
    struct told *one = &told[told_count++];
    int read = 0;
    CHECK(sscanf(text, "%31s %lf %zu %15s %n", one->benchmark, &one->level, &one->pair, one->kind, &read) == 4 && read > 0);
    size_t len = strlen(text + read) / 2;
    CHECK(len < sizeof one->reason);
    for (size_t i = 0; i < len; i++) {
        unsigned byte;
        CHECK(sscanf(text + read + 2 * i, "%2x", &byte) == 1);
        one->reason[i] = (char)byte;
    }
}

/* What is told of a benchmark; NULL for nothing. */
static const struct told *about(lightspeed_str benchmark) {
    for (size_t i = 0; i < told_count; i++) {
        if (is(benchmark, told[i].benchmark)) {
            return &told[i];
        }
    }
    return NULL;
}

static void end(lightspeed_experiment *experiment, const struct told *one) {
    if (strcmp(one->kind, "failed") == 0) {
        OK(lightspeed_experiment_record_failed(experiment, lightspeed_str_of(one->reason), NULL));
    } else if (strcmp(one->kind, "timed_out") == 0) {
        OK(lightspeed_experiment_record_timed_out(experiment, NULL));
    } else {
        CHECK(strcmp(one->kind, "skipped") == 0);
        OK(lightspeed_experiment_record_skipped(experiment, NULL));
    }
}

static void give(lightspeed_experiment *experiment, double level) {
    double given[16];
    CHECK(values > 0 && values <= 16);
    for (size_t i = 0; i < values; i++) {
        seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
        /* Each operation rounds: none is fused. */
        volatile double noise = spread * (double)((seed >> 33) % 1000);
        volatile double factor = 1.0 + noise;
        given[i] = level * factor;
    }
    OK(lightspeed_experiment_record(experiment, given, values, 3.0 * given[0], NULL));
}

static void run_once(lightspeed_experiment *experiment, const lightspeed_run *run) {
    const struct told *one = about(run->benchmark);
    if (one != NULL && strcmp(one->kind, "-") != 0 && !run->warmup && run->pair >= one->pair) {
        end(experiment, one);
    } else {
        give(experiment, one != NULL && run->side == levelled ? one->level : 1.0);
    }
}

/* The same experiment from its state, as after the end of a process. */
static lightspeed_experiment *taken_up(lightspeed_experiment *experiment) {
    lightspeed_buf state = LIGHTSPEED_BUF_INIT;
    lightspeed_experiment *again = NULL;
    OK(lightspeed_experiment_state(experiment, &state, NULL));
    lightspeed_experiment_free(experiment);
    OK(lightspeed_experiment_resume((lightspeed_str){ state.ptr, state.len }, &again, NULL));
    lightspeed_buf_free(&state);
    return again;
}

static void print(lightspeed_status (*of)(const lightspeed_experiment *, lightspeed_buf *, lightspeed_error **),
                  const lightspeed_experiment *experiment) {
    lightspeed_buf json = LIGHTSPEED_BUF_INIT;
    OK(of(experiment, &json, NULL));
    puts(json.ptr);
    lightspeed_buf_free(&json);
}

static void play(const char *plan) {
    lightspeed_experiment *experiment = NULL;
    lightspeed_run run;
    OK(lightspeed_experiment_from_plan(lightspeed_str_of(plan), &experiment, NULL));
    for (long long runs = 0;; runs++) {
        if (runs % 7 == 6) {
            experiment = taken_up(experiment);
        }
        if (runs == cancel_after) {
            OK(lightspeed_experiment_cancel(experiment, NULL));
        }
        OK(lightspeed_experiment_next(experiment, &run, NULL));
        if (!run.more) {
            printf("%lld\n", runs);
            break;
        }
        run_once(experiment, &run);
    }
    print(lightspeed_experiment_results_json, experiment);
    print(lightspeed_experiment_state, experiment);
    lightspeed_experiment_free(experiment);
}

int main(void) {
    char *plan = line(), *common = line(), *one;
    CHECK(plan != NULL && common != NULL);
    CHECK(sscanf(common, "%llu %zu %lf %lld %d", &seed, &values, &spread, &cancel_after, &levelled) == 5);
    while ((one = line()) != NULL) {
        tell(one);
        free(one);
    }
    play(plan);
    free(common);
    free(plan);
    return 0;
}
