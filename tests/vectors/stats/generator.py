"""The library's random numbers, from numpy's PCG64."""

import numpy as np

STREAM = 0x0A02BDBF7BB3C0A7AC28FA16A64ABF96
MULTIPLIER = 0x2360ED051FC65DA44385DF649FCCF645
MASK = 2**128 - 1


def bit_source(seed):
    """PCG64 whose first state is the seed: the increment is added, then the state advances once."""
    increment = (STREAM << 1 | 1) & MASK
    state = ((seed + increment) * MULTIPLIER + increment) & MASK
    source = np.random.PCG64()
    source.state = {
        "bit_generator": "PCG64",
        "state": {"state": state, "inc": increment},
        "has_uint32": 0,
        "uinteger": 0,
    }
    return source


def draws_of_64_bits(seed, count):
    return bit_source(seed).random_raw(count)


def below(source, bound):
    """A whole number below `bound`: the high half of a product, drawn again while the low half is too small."""
    uneven = (2**64 - bound) % bound
    while True:
        product = int(source.random_raw()) * bound
        if product & (2**64 - 1) >= uneven:
            return product >> 64
