/* A program with names of its own that the library's parts have too: neither sees the other's. `clash CONFIG`. */
#include "check.h"

#include <stdlib.h>

/* Were the library to call one of these, or the linker to refuse them, the test would end here. */
#define MINE(name)            \
    void name(void);          \
    void name(void) {         \
        fputs(#name, stderr); \
        abort();              \
    }

MINE(sqlite3_open)
MINE(sqlite3_open_v2)
MINE(sqlite3_prepare_v2)
MINE(sqlite3_prepare_v3)
MINE(sqlite3_step)
MINE(sqlite3_initialize)
MINE(sqlite3_close)
MINE(sqlite3_close_v2)
MINE(ts_parser_new)
MINE(ts_parser_parse)
MINE(tree_sitter_python)
MINE(rust_eh_personality)

int main(int argc, char **argv) {
    CHECK(argc == 2);
    lightspeed_blocks *blocks = NULL;
    static const unsigned char source[] = "def f():\n    return 1\n";
    lightspeed_bytes bytes = {source, sizeof source - 1};
    CHECK(lightspeed_blocks_analyse(bytes, NULL, &blocks, NULL) == LIGHTSPEED_STATUS_OK);
    CHECK(lightspeed_blocks_count(blocks) == 2);
    lightspeed_blocks_free(blocks);

    lightspeed_session *session = NULL;
    lightspeed_selection *selection = NULL;
    CHECK(lightspeed_session_open(lightspeed_str_of(argv[1]), NULL, &session, NULL) == LIGHTSPEED_STATUS_OK);
    CHECK(lightspeed_session_select_survey(session, NULL, &selection, NULL) == LIGHTSPEED_STATUS_OK);
    CHECK(lightspeed_selection_unaffected_count(selection) == 2);
    lightspeed_selection_free(selection);
    lightspeed_session_free(session);
    return 0;
}
