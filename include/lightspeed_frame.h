/*
 * Frames for C99 and C++11: what a program tells of itself, printed to standard output in one piece (docs/frames.md). This file
 * stands alone: it needs neither libLightspeed nor lightspeed.h.
 *
 *     lightspeed_frame frame = LIGHTSPEED_FRAME_INIT;
 *     lightspeed_frame_counter(&frame, "requests", 120, "", LIGHTSPEED_FRAME_LOWER);
 *     if (lightspeed_frame_print(&frame) != 0)
 *         fprintf(stderr, "%s\n", frame.wrong);
 *
 * Calls return 0, or -1 where they refuse something. `wrong` then says why, and the frame is not printed; LIGHTSPEED_FRAME_INIT, assigned,
 * begins anew.
 */

#ifndef LIGHTSPEED_FRAME_H
#define LIGHTSPEED_FRAME_H

#include <stdio.h>
#include <string.h>

/** Bytes that the metrics of a frame may have as JSON, and its counters too; may be defined before this file is included. */
#ifndef LIGHTSPEED_FRAME_ROOM
#define LIGHTSPEED_FRAME_ROOM 4096
#endif

/** An empty frame, as an initialiser. */
#define LIGHTSPEED_FRAME_INIT { "", "", NULL }

/** Which way is better. */
typedef enum lightspeed_frame_better {
    LIGHTSPEED_FRAME_LOWER,
    LIGHTSPEED_FRAME_HIGHER
} lightspeed_frame_better;

/** A frame that is being filled. */
typedef struct lightspeed_frame {
    /* The insides of two JSON objects. */
    char metrics[LIGHTSPEED_FRAME_ROOM];
    char counters[LIGHTSPEED_FRAME_ROOM];
    /** Why something was refused; NULL where nothing was. */
    const char *wrong;
} lightspeed_frame;

/* Remembers the first refusal. */
static inline int lightspeed_frame_refuse_(lightspeed_frame *frame, const char *why) {
    if (!frame->wrong)
        frame->wrong = why;
    return -1;
}

/* Writes text as a JSON string of at most 2 * 100 + 2 bytes; 0 where it has more than 100 bytes or control characters. */
static inline int lightspeed_frame_quote_(char *to, const char *text) {
    const unsigned char *from = (const unsigned char *)text;
    if (strlen(text) > 100)
        return 0;
    *to++ = '"';
    for (; *from; from++) {
        if (*from < 0x20 || *from == 0x7f || (*from == 0xc2 && from[1] >= 0x80 && from[1] < 0xa0))
            return 0;
        if (*from == '"' || *from == '\\')
            *to++ = '\\';
        *to++ = (char)*from;
    }
    *to++ = '"';
    *to = '\0';
    return 1;
}

/* Writes a number as JSON, whatever the locale's decimal point; 0 where it is not finite. Looks at digits, since -ffast-math may take
   every number for finite. */
static inline int lightspeed_frame_number_(char to[48], double value) {
    char text[48];
    const char *from = text;
    snprintf(text, sizeof text, "%.17g", value);
    if (strpbrk(text, "nN"))
        return 0;
    while (*from) {
        size_t known = strspn(from, "+-0123456789e");
        memcpy(to, from, known);
        to += known;
        from += known;
        if (*from) {
            *to++ = '.';
            from += strcspn(from, "0123456789");
        }
    }
    *to = '\0';
    return 1;
}

static inline int lightspeed_frame_add_(lightspeed_frame *frame, char *into, const char *name, double value, const char *unit,
                                        lightspeed_frame_better better, const char *kind) {
    char quoted[204], quoted_unit[204], number[48], item[640];
    size_t used = strlen(into);
    int length;
    if (!name || !*name || !lightspeed_frame_quote_(quoted, name))
        return lightspeed_frame_refuse_(frame, "a name in a frame must have 1 to 100 bytes and no control characters");
    if (!lightspeed_frame_quote_(quoted_unit, unit ? unit : ""))
        return lightspeed_frame_refuse_(frame, "a unit in a frame must have at most 100 bytes and no control characters");
    if (!lightspeed_frame_number_(number, value))
        return lightspeed_frame_refuse_(frame, "a number in a frame must be finite");
    if (better != LIGHTSPEED_FRAME_LOWER && better != LIGHTSPEED_FRAME_HIGHER)
        return lightspeed_frame_refuse_(frame, "what is better in a frame is LIGHTSPEED_FRAME_LOWER or LIGHTSPEED_FRAME_HIGHER");
    length = snprintf(item, sizeof item, "%s%s: {\"value\": %s, \"unit\": %s, \"better\": \"%s\"%s}", used ? ", " : "", quoted,
                      number, quoted_unit, better == LIGHTSPEED_FRAME_HIGHER ? "higher" : "lower", kind);
    if (used + (size_t)length >= LIGHTSPEED_FRAME_ROOM)
        return lightspeed_frame_refuse_(frame, "a frame has too many numbers: define a larger LIGHTSPEED_FRAME_ROOM");
    memcpy(into + used, item, (size_t)length + 1);
    return 0;
}

/** A number that stands for itself. The unit may be NULL. */
static inline int lightspeed_frame_metric(lightspeed_frame *frame, const char *name, double value, const char *unit,
                                          lightspeed_frame_better better) {
    return lightspeed_frame_add_(frame, frame->metrics, name, value, unit, better, "");
}

/** A reading of what only rises: told before and after the measured part, the rise counts. The unit may be NULL. */
static inline int lightspeed_frame_counter(lightspeed_frame *frame, const char *name, double value, const char *unit,
                                           lightspeed_frame_better better) {
    return lightspeed_frame_add_(frame, frame->counters, name, value, unit, better, ", \"kind\": \"monotonic\"");
}

/** A reading of what rises and falls: the last one counts. The unit may be NULL. */
static inline int lightspeed_frame_gauge(lightspeed_frame *frame, const char *name, double value, const char *unit,
                                         lightspeed_frame_better better) {
    return lightspeed_frame_add_(frame, frame->counters, name, value, unit, better, ", \"kind\": \"gauge\"");
}

/** Prints the frame on lines of its own, after what standard output still holds, and empties it for the next one. */
static inline int lightspeed_frame_print(lightspeed_frame *frame) {
    char text[2 * LIGHTSPEED_FRAME_ROOM + 128];
    size_t length;
    if (frame->wrong)
        return -1;
    length = (size_t)snprintf(text, sizeof text, "\n%s\n{\"metrics\": {%s}, \"counters\": {%s}}\n%s\n",
                              "--- lightspeed frame ---", frame->metrics, frame->counters, "--- end of frame ---");
    if (fflush(stdout) != 0 || fwrite(text, 1, length, stdout) != length || fflush(stdout) != 0)
        return lightspeed_frame_refuse_(frame, "a frame cannot be written to standard output");
    frame->metrics[0] = frame->counters[0] = '\0';
    return 0;
}

#endif
