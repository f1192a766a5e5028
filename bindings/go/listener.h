/* How the library's listener reaches Go. */
#ifndef GOLIGHTSPEED_LISTENER_H
#define GOLIGHTSPEED_LISTENER_H

#include "lightspeed.h"

/* Hands events to the listener whose cgo.Handle lies at the userdata. */
int32_t golightspeed_listener(void *userdata, const lightspeed_event *event);

#endif
