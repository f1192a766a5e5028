/* Calls statistics by name: two lines of the input are a function and its input, a line of the output its result or the name of the error. */
#include "check.h"

static void typed_calls(void) {
    const double before[] = { 1.0, 1.01, 0.99, 1.02, 0.98, 1.0 }, after[] = { 2.0, 2.02, 1.98, 2.04, 1.96, 2.0 };
    lightspeed_compare_options options = LIGHTSPEED_COMPARE_OPTIONS_INIT;
    lightspeed_result result;
    lightspeed_summary summary;
    for (options.paired = 0; options.paired < 2; options.paired++) {
        CHECK(lightspeed_stats_compare(before, 6, after, 6, &options, &result, NULL) == LIGHTSPEED_STATUS_OK);
        CHECK(result.verdict == LIGHTSPEED_VERDICT_REGRESSED && result.gate == LIGHTSPEED_GATE_FAIL);
        CHECK(result.baseline == 1.0 && result.current == 2.0 && result.pairs == 6);
    }
    CHECK(lightspeed_stats_compare(before, 0, after, 6, NULL, &result, NULL) == LIGHTSPEED_STATUS_STATISTICS);
    CHECK(lightspeed_stats_summarize(before, 6, &summary, NULL) == LIGHTSPEED_STATUS_OK);
    CHECK(summary.n == 6 && summary.median == 1.0 && summary.min == 0.98 && summary.max == 1.02);
    CHECK(is(lightspeed_verdict_name(result.verdict), "REGRESSED"));
}

int main(void) {
    char *function, *input;
    typed_calls();
    while ((function = line()) != NULL && (input = line()) != NULL) {
        lightspeed_buf json = LIGHTSPEED_BUF_INIT;
        lightspeed_error *error = NULL;
        if (lightspeed_stats_call(lightspeed_str_of(function), lightspeed_str_of(input), &json, &error) == LIGHTSPEED_STATUS_OK) {
            printf("%s\n", json.ptr);
        } else {
            CHECK(lightspeed_error_code(error) == LIGHTSPEED_STATUS_STATISTICS ||
                  lightspeed_error_code(error) == LIGHTSPEED_STATUS_INVALID_ARGUMENT);
            lightspeed_str detail = lightspeed_error_detail(error);
            printf("%.*s\n", (int)detail.len, detail.ptr);
        }
        lightspeed_buf_free(&json);
        lightspeed_error_free(error);
        free(function);
        free(input);
    }
    return 0;
}
