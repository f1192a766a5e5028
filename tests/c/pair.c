/* Two commands in pairs: a slower one is found, a listener or a token ends it and leaves what was run, a program that is not there is an
   error. */
#include "check.h"

#define OK(call) CHECK((call) == LIGHTSPEED_STATUS_OK)
#define COUNT(words) (sizeof(words) / sizeof *(words))

static int32_t stop_at_the_fourth(void *userdata, const lightspeed_event *event) {
    int *items = userdata;
    *items += event->kind == LIGHTSPEED_EVENT_KIND_ITEM;
    return *items == 4;
}

static size_t times(lightspeed_buf json, const char *part) {
    size_t found = 0;
    for (const char *rest = json.ptr; (rest = strstr(rest, part)) != NULL; rest++) {
        found++;
    }
    return found;
}

int main(void) {
    const lightspeed_str fast[] = { LIGHTSPEED_STR_INIT("sleep"), LIGHTSPEED_STR_INIT("0.01") };
    const lightspeed_str slow[] = { LIGHTSPEED_STR_INIT("sleep"), LIGHTSPEED_STR_INIT("0.05") };
    const lightspeed_str lost[] = { LIGHTSPEED_STR_INIT("no-such-program-anywhere") };
    lightspeed_pair_options options = LIGHTSPEED_PAIR_OPTIONS_INIT;
    lightspeed_buf receipt = LIGHTSPEED_BUF_INIT;
    lightspeed_cancel *cancel = NULL;
    lightspeed_error *error = NULL;
    int32_t gate = LIGHTSPEED_GATE_NONE;
    int items = 0;

    CHECK(lightspeed_pair_run(NULL, &gate, &receipt, &error) == LIGHTSPEED_STATUS_INVALID_ARGUMENT);
    CHECK(says(error, LIGHTSPEED_STATUS_INVALID_ARGUMENT, "options is NULL"));
    CHECK(lightspeed_pair_run(&options, &gate, &receipt, &error) == LIGHTSPEED_STATUS_INVALID_ARGUMENT);
    CHECK(says(error, LIGHTSPEED_STATUS_INVALID_ARGUMENT, "baseline is empty"));

    options.baseline = fast;
    options.baseline_count = COUNT(fast);
    options.current = slow;
    options.current_count = COUNT(slow);
    CHECK(lightspeed_pair_run(&options, &gate, &receipt, NULL) == LIGHTSPEED_STATUS_OK);
    CHECK(gate == LIGHTSPEED_GATE_FAIL && strstr(receipt.ptr, "\"schema\":\"lightspeed.pair/1\"") != NULL);
    CHECK(strstr(receipt.ptr, "\"verdict\":\"regressed\"") != NULL);
    lightspeed_buf_free(&receipt);

    options.listener = stop_at_the_fourth;
    options.userdata = &items;
    gate = LIGHTSPEED_GATE_NONE;
    CHECK(lightspeed_pair_run(&options, &gate, &receipt, &error) == LIGHTSPEED_STATUS_CANCELLED);
    CHECK(says(error, LIGHTSPEED_STATUS_CANCELLED, "interrupted"));
    CHECK(items == 4 && gate == LIGHTSPEED_GATE_WARN && times(receipt, "\"interrupted\":true") == 1);
    /* The warm-up and one run of the first pair. */
    CHECK(times(receipt, "\"pair_index\":") == 2 && times(receipt, "\"wall_ns\":") == 3);
    lightspeed_buf_free(&receipt);

    /* A token that was raised before: a receipt without runs. */
    OK(lightspeed_cancel_new(&cancel, NULL));
    lightspeed_cancel_raise(cancel);
    options.listener = NULL;
    options.cancel = cancel;
    CHECK(lightspeed_pair_run(&options, &gate, &receipt, NULL) == LIGHTSPEED_STATUS_CANCELLED);
    CHECK(times(receipt, "\"interrupted\":true") == 1 && times(receipt, "\"samples\":[]") == 1);
    lightspeed_buf_free(&receipt);
    lightspeed_cancel_free(cancel);
    options.cancel = NULL;
    gate = LIGHTSPEED_GATE_NONE;

    options.current = lost;
    options.current_count = COUNT(lost);
    CHECK(lightspeed_pair_run(&options, &gate, &receipt, &error) == LIGHTSPEED_STATUS_PROCESS);
    CHECK(says(error, LIGHTSPEED_STATUS_PROCESS, "no-such-program-anywhere"));
    CHECK(gate == LIGHTSPEED_GATE_NONE && receipt.ptr == NULL);
    printf("paired\n");
    return 0;
}
