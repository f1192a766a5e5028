/* What the C tests share: a check that says where it failed, texts compared with literals, lines of the input. */
#ifndef CHECK_H
#define CHECK_H

#include "lightspeed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(condition) \
    do { \
        if (!(condition)) { \
            fprintf(stderr, "%s:%d: %s does not hold\n", __FILE__, __LINE__, #condition); \
            exit(1); \
        } \
    } while (0)

/* Whether a text is exactly this one. */
static inline int is(lightspeed_str text, const char *expected) {
    return text.len == strlen(expected) && memcmp(text.ptr, expected, text.len) == 0;
}

/* Whether an error has this status and a message that contains this part; frees it. */
static inline int says(lightspeed_error *error, lightspeed_status status, const char *part) {
    if (error == NULL) {
        return 0;
    }
    lightspeed_str message = lightspeed_error_message(error);
    char line[1024];
    snprintf(line, sizeof line, "%.*s", (int)message.len, message.ptr);
    int right = lightspeed_error_code(error) == status && strstr(line, part) != NULL;
    if (!right) {
        fprintf(stderr, "status %d: %s\n", (int)lightspeed_error_code(error), line);
    }
    lightspeed_error_free(error);
    return right;
}

/* A line of the input without its end, which the caller frees; NULL where it ends. */
static inline char *line(void) {
    size_t size = 1 << 16, len = 0;
    char *text = malloc(size);
    CHECK(text != NULL);
    while (fgets(text + len, (int)(size - len), stdin) != NULL) {
        len += strlen(text + len);
        if (text[len - 1] == '\n') {
            text[len - 1] = '\0';
            return text;
        }
        size *= 2;
        text = realloc(text, size);
        CHECK(text != NULL);
    }
    free(text);
    return NULL;
}

#endif
