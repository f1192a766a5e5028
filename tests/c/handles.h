/* One handle of each kind that can be had without running anything: what functions are called with that shall miss something else. */
#ifndef HANDLES_H
#define HANDLES_H

#include "check.h"

static lightspeed_blocks *real_blocks;
static lightspeed_coverage *real_coverage;
static lightspeed_experiment *real_experiment;
static lightspeed_index *real_index;
static lightspeed_selection *real_selection;
static lightspeed_session *real_session;
static lightspeed_store *real_store;
static lightspeed_survey *real_survey;

#define MADE(call) CHECK((call) == LIGHTSPEED_STATUS_OK)

static lightspeed_bytes literal(const char *text) {
    return (lightspeed_bytes){ (const uint8_t *)text, strlen(text) };
}

/* Each has an item 0 to be asked for, and the experiment a run that is asked for. */
static void make_handles(const char *config, const char *database) {
    lightspeed_survey *survey = NULL;
    lightspeed_str name = LIGHTSPEED_STR_INIT("a");
    lightspeed_file changed = { LIGHTSPEED_STR_INIT("a"), { NULL, 0 }, 1 };
    lightspeed_run run;
    uint32_t number;
    MADE(lightspeed_session_open(lightspeed_str_of(config), NULL, &real_session, NULL));
    MADE(lightspeed_blocks_analyse(literal("def f(:\n"), NULL, &real_blocks, NULL));
    MADE(lightspeed_coverage_read(literal("SF:a\nDA:1,1\nend_of_record\n"), LIGHTSPEED_COVERAGE_FORMAT_ANY, &real_coverage, NULL));
    MADE(lightspeed_experiment_new(&name, 1, NULL, &real_experiment, NULL));
    MADE(lightspeed_experiment_next(real_experiment, &run, NULL));
    MADE(lightspeed_survey_new(NULL, &real_survey, NULL));
    MADE(lightspeed_survey_new(NULL, &survey, NULL));
    for (int i = 0; i < 2; i++) {
        lightspeed_survey *each = i ? survey : real_survey;
        MADE(lightspeed_survey_add_file(each, name, literal("a"), NULL));
        MADE(lightspeed_survey_add_benchmark(each, name, &number, NULL));
    }
    MADE(lightspeed_survey_finish(survey, &real_index, NULL));
    MADE(lightspeed_index_select(real_index, &changed, 1, NULL, &real_selection, NULL));
    MADE(lightspeed_store_open(lightspeed_str_of(database), LIGHTSPEED_STORE_MODE_WRITE, &real_store, NULL));
    MADE(lightspeed_store_put_survey(real_store, real_index, NULL));
}

static void free_handles(void) {
    lightspeed_store_free(real_store);
    lightspeed_selection_free(real_selection);
    lightspeed_index_free(real_index);
    lightspeed_survey_free(real_survey);
    lightspeed_experiment_free(real_experiment);
    lightspeed_coverage_free(real_coverage);
    lightspeed_blocks_free(real_blocks);
    lightspeed_session_free(real_session);
}

#endif
