// The header alone, in C++: it needs nothing before it, and its macros are initialisers of their types.
#include "lightspeed.h"

extern const lightspeed_session_options session_options = LIGHTSPEED_SESSION_OPTIONS_INIT;
extern const lightspeed_select_options select_options = LIGHTSPEED_SELECT_OPTIONS_INIT;
extern const lightspeed_blocks_options blocks_options = LIGHTSPEED_BLOCKS_OPTIONS_INIT;
extern const lightspeed_report_options report_options = LIGHTSPEED_REPORT_OPTIONS_INIT;
extern const lightspeed_str text = LIGHTSPEED_STR_INIT("text");
extern const lightspeed_buf buffer = LIGHTSPEED_BUF_INIT;

static_assert(sizeof(lightspeed_status) == 4, "a status is 32 bits wide, as in C");
