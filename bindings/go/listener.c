/* How the library's listener reaches Go. */
#include "listener.h"

#include "_cgo_export.h"

int32_t golightspeed_listener(void *userdata, const lightspeed_event *event) {
    return golightspeed_hear(userdata, (lightspeed_event *)event);
}
