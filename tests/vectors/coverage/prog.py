import sys  # ran


def used(n):  # ran
    total = 0  # ran
    for i in range(n):  # ran
        if i % 2:  # ran
            total += i  # ran
        elif i > 1000:  # ran
            total -= 1  # not
    return total  # ran


def unused():  # ran
    return 1  # not


if used(5) > 1000:  # ran
    sys.exit(unused())  # not
