/* Says which benchmarks a change affects: `smoke CONFIG [CHANGED FILE …]`; without files, whatever differs from the survey. */
#include "lightspeed.h"

#include <stdio.h>
#include <stdlib.h>

static int failed(lightspeed_error *error) {
    lightspeed_str name = lightspeed_status_name(lightspeed_error_code(error));
    lightspeed_str message = lightspeed_error_message(error);
    fprintf(stderr, "%.*s: %.*s\n", (int)name.len, name.ptr, (int)message.len, message.ptr);
    lightspeed_error_free(error);
    return 1;
}

static int print(const lightspeed_selection *selection) {
    lightspeed_error *error = NULL;
    size_t count = lightspeed_selection_count(selection);
    printf("%zu affected, %zu unaffected\n", count, lightspeed_selection_unaffected_count(selection));
    for (size_t i = 0; i < count; i++) {
        lightspeed_str benchmark, reason;
        if (lightspeed_selection_benchmark(selection, i, &benchmark, &error) != LIGHTSPEED_STATUS_OK ||
            lightspeed_selection_reason(selection, i, 0, &reason, &error) != LIGHTSPEED_STATUS_OK) {
            return failed(error);
        }
        printf("%.*s: %.*s\n", (int)benchmark.len, benchmark.ptr, (int)reason.len, reason.ptr);
    }
    return 0;
}

int main(int argc, char **argv) {
    lightspeed_error *error = NULL;
    lightspeed_session *session = NULL;
    lightspeed_selection *selection = NULL;
    if (argc < 2) {
        fprintf(stderr, "usage: %s CONFIG [CHANGED FILE ...]\n", argv[0]);
        return 2;
    }
    if (lightspeed_abi_version() != LIGHTSPEED_ABI_VERSION) {
        fprintf(stderr, "the library does not fit this program\n");
        return 2;
    }
    printf("libLightspeed %s\n", lightspeed_version().ptr);

    lightspeed_session_options options = LIGHTSPEED_SESSION_OPTIONS_INIT;
    if (lightspeed_session_open(lightspeed_str_of(argv[1]), &options, &session, &error) != LIGHTSPEED_STATUS_OK) {
        return failed(error);
    }
    size_t count = (size_t)(argc - 2);
    lightspeed_status status;
    if (count == 0) {
        status = lightspeed_session_select_survey(session, NULL, &selection, &error);
    } else {
        lightspeed_str *files = malloc(count * sizeof *files);
        if (files == NULL) {
            return 2;
        }
        for (size_t i = 0; i < count; i++) {
            files[i] = lightspeed_str_of(argv[i + 2]);
        }
        status = lightspeed_session_select_files(session, files, count, NULL, &selection, &error);
        free(files);
    }
    /* What a session returned does not need it. */
    lightspeed_session_free(session);
    int code = status == LIGHTSPEED_STATUS_OK ? print(selection) : failed(error);
    lightspeed_selection_free(selection);
    return code;
}
