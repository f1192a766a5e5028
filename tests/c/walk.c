/* Walking a result allocates nothing for an item. Counts what the C library is asked for (glibc). */
#include "check.h"

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);

static size_t allocations;

void *malloc(size_t size) {
    allocations++;
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
    allocations++;
    return __libc_calloc(count, size);
}

void *realloc(void *old, size_t size) {
    allocations++;
    return __libc_realloc(old, size);
}

int main(void) {
    lightspeed_survey *survey = NULL;
    lightspeed_index *index = NULL;
    lightspeed_selection *selection = NULL;
    uint32_t number = 0;
    size_t walked = 0;
    CHECK(lightspeed_survey_new(NULL, &survey, NULL) == LIGHTSPEED_STATUS_OK);
    CHECK(lightspeed_survey_add_file(survey, lightspeed_str_of("a.csv"), (lightspeed_bytes){ NULL, 0 }, NULL) == LIGHTSPEED_STATUS_OK);
    for (int i = 0; i < 1000; i++) {
        char name[32];
        snprintf(name, sizeof name, "b%d", i);
        CHECK(lightspeed_survey_add_benchmark(survey, lightspeed_str_of(name), &number, NULL) == LIGHTSPEED_STATUS_OK);
        CHECK(lightspeed_survey_depends_on(survey, number, lightspeed_str_of("a.csv"), NULL) == LIGHTSPEED_STATUS_OK);
    }
    CHECK(lightspeed_survey_finish(survey, &index, NULL) == LIGHTSPEED_STATUS_OK);
    lightspeed_select_options options = LIGHTSPEED_SELECT_OPTIONS_INIT;
    options.hotfile_threshold = 1.0;
    lightspeed_file file = { lightspeed_str_of("a.csv"), { (const uint8_t *)"1", 1 }, 0 };
    CHECK(lightspeed_index_select(index, &file, 1, &options, &selection, NULL) == LIGHTSPEED_STATUS_OK);
    size_t before = allocations;
    CHECK(before > 1000);
    for (size_t i = 0; i < lightspeed_selection_count(selection); i++) {
        lightspeed_str name, reason;
        size_t reasons = 0;
        CHECK(lightspeed_selection_benchmark(selection, i, &name, NULL) == LIGHTSPEED_STATUS_OK);
        CHECK(lightspeed_selection_reason_count(selection, i, &reasons, NULL) == LIGHTSPEED_STATUS_OK);
        CHECK(lightspeed_selection_reason(selection, i, 0, &reason, NULL) == LIGHTSPEED_STATUS_OK);
        walked += name.len + reason.len + reasons;
    }
    CHECK(walked > 1000 && lightspeed_selection_count(selection) == 1000);
    CHECK(allocations == before);
    lightspeed_selection_free(selection);
    lightspeed_index_free(index);
    puts("walked without an allocation");
    return 0;
}
