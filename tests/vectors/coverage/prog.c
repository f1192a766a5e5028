#include <stdio.h>

static int used(int n) {
    int total = 0; /* ran */
    for (int i = 0; i < n; i++) { /* ran */
        if (i % 2) { /* ran */
            total += i; /* ran */
        } else if (i > 1000) { /* ran */
            total -= 1; /* not */
        }
    }
    return total; /* ran */
}

static int unused(void) {
    return 1; /* not */
}

int main(void) {
    int found = used(5); /* ran */
    if (found > 1000) { /* ran */
        return unused(); /* not */
    }
    printf("%d\n", found); /* ran */
    return 0; /* ran */
}
