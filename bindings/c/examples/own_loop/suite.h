/* The benchmarks: what the harness times, and what runs once to see which lines it executes. */
#ifndef SUITE_H
#define SUITE_H

#include <stddef.h>

typedef struct benchmark {
    const char *name;
    void (*run)(void);
} benchmark;

extern const benchmark SUITE[];
extern const size_t SUITE_SIZE;

#endif
