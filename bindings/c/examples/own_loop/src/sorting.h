/* Three ways to sort, as something to be measured. */
#ifndef SORTING_H
#define SORTING_H

#include <stddef.h>

void insertion_sort(int *values, size_t count);
void merge_sort(int *values, size_t count);
void counting_sort(int *values, size_t count);

#endif
