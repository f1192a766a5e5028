/* Halves until insertion is quicker. */
#include "sorting.h"

#include <stdlib.h>
#include <string.h>

enum { SHORT = 16 };

void merge_sort(int *values, size_t count) {
    if (count <= SHORT) {
        insertion_sort(values, count);
        return;
    }
    size_t half = count / 2;
    merge_sort(values, half);
    merge_sort(values + half, count - half);
    int *left = malloc(half * sizeof *left);
    if (!left) {
        insertion_sort(values, count);
        return;
    }
    memcpy(left, values, half * sizeof *left);
    for (size_t to = 0, l = 0, r = half; l < half; to++)
        values[to] = r < count && values[r] < left[l] ? values[r++] : left[l++];
    free(left);
}
