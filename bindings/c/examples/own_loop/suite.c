/* The benchmarks. */
#include "suite.h"

#include "src/sorting.h"

enum { COUNT = 2000 };

static int values[COUNT];

/* The same numbers each time, so that runs compare. */
static void shuffle(void) {
    unsigned state = 12345;
    for (size_t i = 0; i < COUNT; i++) {
        state = state * 1103515245u + 12345u;
        values[i] = (int)(state >> 16) % 4096;
    }
}

static void insertion(void) {
    shuffle();
    insertion_sort(values, COUNT);
}

static void merge(void) {
    shuffle();
    merge_sort(values, COUNT);
}

static void counting(void) {
    shuffle();
    counting_sort(values, COUNT);
}

const benchmark SUITE[] = {{"insertion", insertion}, {"merge", merge}, {"counting", counting}};
const size_t SUITE_SIZE = sizeof SUITE / sizeof *SUITE;
