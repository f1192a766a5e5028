"""What the scripted agent tries on flox, each on the tree as published: faster, slower, of no effect, and a mistake."""

from typing import NamedTuple


class Edit(NamedTuple):
    """A text of a file to replace by another."""

    what: str
    path: str
    before: str
    after: str
    #: Whether code changes.
    code: bool = True


EDITS = [
    Edit(
        "a comment in mean",
        "flox/aggregate_flox.py",
        "    out = sum(group_idx, array, axis=axis, size=size, dtype=dtype, fill_value=fill_value)\n",
        "    # Empty groups divide zero by zero.\n    out = sum(group_idx, array, axis=axis, size=size, dtype=dtype, fill_value=fill_value)\n",
        code=False,
    ),
    Edit(
        "no copy where nothing is NaN",
        "flox/aggregate_flox.py",
        "    result = func(group_idx, np.where(isnull(array), fillna, array), *args, **kwargs)\n",
        "    missing = isnull(array)\n"
        "    filled = np.where(missing, fillna, array) if missing.any() else array\n"
        "    result = func(group_idx, filled, *args, **kwargs)\n",
    ),
    Edit(
        "nanmean in extended precision",
        "flox/aggregate_flox.py",
        "    out = nansum(group_idx, array, size=size, axis=axis, dtype=dtype, fill_value=fill_value)\n",
        "    array = np.asarray(array, dtype=np.longdouble)\n"
        "    out = nansum(group_idx, array, size=size, axis=axis, dtype=dtype or np.float64, fill_value=fill_value)\n",
    ),
    Edit(
        "squares by multiplication",
        "flox/aggregate_flox.py",
        "        array**2,\n",
        "        array * array,\n",
    ),
    Edit(
        "counting in small integers",
        "flox/aggregate_flox.py",
        "    return sum(group_idx, (notnull(array)).astype(int), *args, **kwargs)\n",
        "    return sum(group_idx, notnull(array).astype(np.int32), *args, **kwargs)\n",
    ),
    Edit(
        "a fresh array for notnull",
        "flox/xrutils.py",
        "            np.logical_not(out, out=out)\n            return out\n",
        "            return np.logical_not(out)\n",
    ),
    Edit(
        "NumPy's own unique",
        "flox/core.py",
        "    return np.sort(pd.unique(a.reshape(-1)))\n",
        "    return np.unique(a.reshape(-1))\n",
    ),
    Edit(
        "one pass for the mask of NaN labels",
        "flox/factorize.py",
        "    nan_by_mask = reduce(np.logical_or, [(f == -1) for f in factorized])\n",
        "    nan_by_mask = reduce(np.minimum, factorized) == -1\n",
    ),
    Edit(
        "cohorts without threads",
        "flox/cohorts.py",
        "    THRESHOLD = 2\n",
        "    THRESHOLD = 0\n",
    ),
    Edit(
        "a mistake in mean",
        "flox/aggregate_flox.py",
        "    out = sum(group_idx, array, axis=axis, size=size, dtype=dtype, fill_value=fill_value)\n",
        "    out = summ(group_idx, array, axis=axis, size=size, dtype=dtype, fill_value=fill_value)\n",
    ),
]
