/* Runs one benchmark once: built for coverage, it leaves behind which lines that executed. */
#include "suite.h"

#include <stdio.h>
#include <string.h>

int main(int argc, char **argv) {
    for (size_t i = 0; argc == 2 && i < SUITE_SIZE; i++)
        if (strcmp(argv[1], SUITE[i].name) == 0) {
            SUITE[i].run();
            return 0;
        }
    fprintf(stderr, "usage: once BENCHMARK\n");
    return 1;
}
