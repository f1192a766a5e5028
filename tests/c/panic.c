/* A panic inside the library comes back as an error, and poisons its session: `panic CONFIG`. */
#include "check.h"

lightspeed_status lightspeed_testing_panic(const lightspeed_session *session, lightspeed_error **err);

int main(int argc, char **argv) {
    CHECK(argc == 2);
    lightspeed_error *error = NULL;
    CHECK(lightspeed_testing_panic(NULL, &error) == LIGHTSPEED_STATUS_PANIC);
    CHECK(says(error, LIGHTSPEED_STATUS_PANIC, "provoked by a test"));
    CHECK(lightspeed_testing_panic(NULL, NULL) == LIGHTSPEED_STATUS_PANIC);

    lightspeed_session *session = NULL, *other = NULL;
    lightspeed_selection *selection = NULL;
    CHECK(lightspeed_session_open(lightspeed_str_of(argv[1]), NULL, &session, NULL) == LIGHTSPEED_STATUS_OK);
    CHECK(lightspeed_session_open(lightspeed_str_of(argv[1]), NULL, &other, NULL) == LIGHTSPEED_STATUS_OK);
    CHECK(lightspeed_testing_panic(session, NULL) == LIGHTSPEED_STATUS_PANIC);
    CHECK(lightspeed_session_select_survey(session, NULL, &selection, &error) == LIGHTSPEED_STATUS_POISONED);
    CHECK(says(error, LIGHTSPEED_STATUS_POISONED, "open another"));
    CHECK(selection == NULL);
    lightspeed_session_free(session);

    /* Another session does not care. */
    CHECK(lightspeed_session_select_survey(other, NULL, &selection, &error) == LIGHTSPEED_STATUS_OK);
    CHECK(error == NULL);
    lightspeed_selection_free(selection);
    lightspeed_session_free(other);
    return 0;
}
