/* For values from 0 to 4095. */
#include "sorting.h"

enum { VALUES = 4096 };

void counting_sort(int *values, size_t count) {
    size_t counts[VALUES] = {0};
    for (size_t i = 0; i < count; i++)
        counts[values[i] % VALUES]++;
    for (size_t value = 0, to = 0; value < VALUES; value++)
        for (size_t n = counts[value]; n > 0; n--)
            values[to++] = (int)value;
}
