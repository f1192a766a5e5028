"""Statistics: the shared vectors through the typed functions, bytes by their CRC-32, and what numbers may be handed in."""

import array
import json
import math
import unittest
import zlib

import given
from given import support

import lightspeed
from lightspeed import stats


def numbers(value):
    """The strings that stand for numbers as these numbers."""
    if isinstance(value, list):
        return [numbers(item) for item in value]
    return float(value) if value in ("NaN", "inf", "-inf", "Infinity", "-Infinity") else value


def plain(value):
    """A typed result as the JSON that it was."""
    if hasattr(value, "_asdict"):
        return {name: plain(item) for name, item in value._asdict().items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value


def typed(function, arguments):
    """What the typed function gives, as JSON, or the name of its error."""
    first = {"geometric_mean": ["samples"], "margin": ["baseline"]}.get(function)
    names = first or [name for name in arguments if name in POSITIONAL]
    try:
        places = [numbers(arguments[name]) for name in names]
        more = {name: numbers(value) for name, value in arguments.items() if name not in names}
        found = plain(getattr(stats, function)(*places, **more))
    except lightspeed.LightspeedError as error:
        return error.detail
    return {"adjusted": found} if function in ("holm", "benjamini_hochberg") else found


POSITIONAL = ("baseline", "current", "sample", "first", "second", "p_values", "log_ratios", "baseline_first")


class Vectors(unittest.TestCase):
    def test_every_vector(self):
        """The bytes of every result have the CRC-32 of every platform, and the typed functions give what they say."""
        digests = json.loads((given.VECTORS / "digests.json").read_text())
        counted = 0
        for function, digest in sorted(digests.items()):
            vectors = json.loads((given.VECTORS / f"{function}.json").read_text())["vectors"]
            found = 0
            for vector in vectors:
                arguments = support.written_out(vector["input"])
                raw = self.raw(function, arguments)
                found = zlib.crc32(raw.encode() + b"\n", found)
                with self.subTest(function=function, vector=vector["name"]):
                    said = typed(function, arguments)
                    if "error" in vector:
                        self.assertEqual((raw, said), (vector["error"], vector["error"]))
                    else:
                        self.assertEqual(said, json.loads(raw))
                        self.check(vector, said)
                counted += 1
            with self.subTest(function=function):
                self.assertEqual(f"{found:08x}", digest)
        self.assertGreater(counted, 1900)

    def raw(self, function, arguments):
        try:
            return stats.call_json(function, json.dumps(arguments))
        except lightspeed.LightspeedError as error:
            return error.detail

    def check(self, vector, said):
        for name, expected in vector["expect"].items():
            self.same(said[name], expected, vector.get("tolerance", 0.0), name)

    def same(self, found, expected, tolerance, name):
        if isinstance(expected, dict):
            for key, value in expected.items():
                self.same(found[key], value, tolerance, f"{name}.{key}")
        elif isinstance(expected, list):
            self.assertEqual(len(found), len(expected), name)
            for one, other in zip(found, expected):
                self.same(one, other, tolerance, name)
        elif isinstance(expected, float):
            self.assertTrue(
                math.isclose(found, expected, rel_tol=tolerance, abs_tol=tolerance), f"{name}: {found} is not {expected}"
            )
        else:
            self.assertEqual(found, expected, name)


class Samples(unittest.TestCase):
    BEFORE = [1.0, 1.01, 0.99, 1.02, 0.98, 1.0]
    AFTER = [2.0, 2.02, 1.98, 2.04, 1.96, 2.0]

    def test_sequences(self):
        """Lists, tuples, arrays, iterators and memoryviews, strided and of other types, are the same sample."""
        expected = stats.compare(self.BEFORE, self.AFTER)
        self.assertEqual(expected.verdict, lightspeed.Verdict.REGRESSED)
        self.assertTrue(expected.is_regression)
        doubled = array.array("d", [value for value in self.AFTER for _ in range(2)])
        kinds = [tuple(self.AFTER), array.array("d", self.AFTER), iter(self.AFTER), memoryview(doubled)[::2]]
        for after in kinds:
            self.assertEqual(stats.compare(self.BEFORE, after), expected)
        self.assertEqual(stats.summarize(array.array("i", [1, 2, 3])).median, 2.0)

    def test_numpy(self):
        """Arrays of NumPy, also strided, frozen and of other types."""
        try:
            import numpy
        except ImportError:
            self.skipTest("NumPy is not installed")
        after = numpy.array(self.AFTER)
        after.flags.writeable = False
        expected = stats.compare(self.BEFORE, self.AFTER)
        for kind in (after, numpy.repeat(after, 2)[::2], after.astype(">f8")):
            self.assertEqual(stats.compare(numpy.array(self.BEFORE), kind), expected)
        self.assertEqual(stats.summarize(numpy.arange(3)).median, 1.0)
        self.assertEqual(stats.summarize(numpy.arange(3, dtype="f4")).median, 1.0)
        with self.assertRaises(ValueError):
            stats.summarize(numpy.zeros((2, 2)))

    def test_refused(self):
        """Samples that have no such statistic, and things that are no samples."""
        for sample, cause in (([], "Empty"), ([1.0, math.nan], "NotFinite"), ([0.0, 1.0], "NotPositive")):
            with self.assertRaises(lightspeed.errors.StatisticsError) as raised:
                stats.compare(sample, self.AFTER)
            self.assertEqual(raised.exception.detail, cause)
            self.assertIsInstance(raised.exception, ValueError)
        for sample in ("123", b"123", 5):
            with self.assertRaises(TypeError):
                stats.summarize(sample)

    def test_none_stands_for_nan(self):
        """One value has no spread and no interval."""
        summary = stats.summarize([3.0])
        self.assertEqual((summary.n, summary.median, summary.sd, summary.ci_99_a), (1, 3.0, None, None))


if __name__ == "__main__":
    unittest.main()
