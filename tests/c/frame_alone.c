/* The header for frames alone, as C and as C++: it needs nothing before it, and its macro is an initialiser. */
#include "lightspeed_frame.h"

lightspeed_frame frame = LIGHTSPEED_FRAME_INIT;
