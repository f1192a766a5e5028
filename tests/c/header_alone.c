/* The header alone: it needs nothing before it, and its macros are initialisers of their types. */
#include "lightspeed.h"

const lightspeed_session_options session_options = LIGHTSPEED_SESSION_OPTIONS_INIT;
const lightspeed_select_options select_options = LIGHTSPEED_SELECT_OPTIONS_INIT;
const lightspeed_init_options init_options = LIGHTSPEED_INIT_OPTIONS_INIT;
const lightspeed_measure_options measure_options = LIGHTSPEED_MEASURE_OPTIONS_INIT;
const lightspeed_paired_options paired_options = LIGHTSPEED_PAIRED_OPTIONS_INIT;
const lightspeed_pair_options pair_options = LIGHTSPEED_PAIR_OPTIONS_INIT;
const lightspeed_experiment_options experiment_options = LIGHTSPEED_EXPERIMENT_OPTIONS_INIT;
const lightspeed_compare_options compare_options = LIGHTSPEED_COMPARE_OPTIONS_INIT;
const lightspeed_blocks_options blocks_options = LIGHTSPEED_BLOCKS_OPTIONS_INIT;
const lightspeed_report_options report_options = LIGHTSPEED_REPORT_OPTIONS_INIT;
const lightspeed_str text = LIGHTSPEED_STR_INIT("text");
const lightspeed_buf buffer = LIGHTSPEED_BUF_INIT;

int sizes_are_explicit[sizeof(lightspeed_status) == 4 ? 1 : -1];
