"""The package: its names, its errors, what it costs to import, which library it takes."""

import gc
import pathlib
import pickle
import subprocess
import sys
import threading
import unittest

import given
from given import fresh

import lightspeed
from lightspeed import errors
from lightspeed._handle import Handle


class Package(unittest.TestCase):
    def test_names(self):
        """Every promised name is there, is told by dir(), and has documentation."""
        for name in lightspeed.__all__:
            self.assertTrue(getattr(lightspeed, name).__doc__, name)
        self.assertLessEqual(set(lightspeed.__all__), set(dir(lightspeed)))
        self.assertRegex(lightspeed.version(), r"^\d+\.\d+\.\d+")
        with self.assertRaises(AttributeError):
            lightspeed.nothing

    def test_lazy(self):
        """Importing it loads neither ctypes nor the library."""
        done = fresh("import sys, lightspeed; print('ctypes' in sys.modules, 'lightspeed._library' in sys.modules)")
        self.assertEqual((done.stdout, done.stderr), ("False False\n", ""))

    def test_generated(self):
        """What is generated is what the header gives."""
        script = given.ROOT / "bindings" / "python" / "generate.py"
        done = subprocess.run([sys.executable, str(script), "--check"], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_no_library(self):
        """A library that is not there, or is something else, is named."""
        for library in ("/nowhere/liblightspeed.so", __file__):
            done = fresh("import lightspeed; lightspeed.version()", LIGHTSPEED_LIBRARY=library)
            self.assertIn("ImportError: the shared library of lightspeed cannot be loaded", done.stderr)
            self.assertIn(library, done.stderr)

    def test_other_interface(self):
        """A library of another binary interface is refused by its number."""
        code = "from lightspeed import _ffi; _ffi.ABI_VERSION = 99; import lightspeed; lightspeed.version()"
        done = fresh(code)
        self.assertIn("and this package needs 99", done.stderr)


class Handles(unittest.TestCase):
    def setUp(self):
        self.freed = []

    def test_freed_once(self):
        """With the last reference, or when it is closed; then it is lent no more."""
        handle = Handle(7, self.freed.append, "thing")
        del handle
        gc.collect()
        self.assertEqual(self.freed, [7])
        handle = Handle(8, self.freed.append, "thing")
        handle.close()
        handle.close()
        with self.assertRaisesRegex(ValueError, "this thing is closed"):
            with handle:
                pass
        del handle
        gc.collect()
        self.assertEqual(self.freed, [7, 8])

    def test_freed_after_the_last_call(self):
        """A handle that is closed while it is lent is freed when it comes back."""
        handle = Handle(7, self.freed.append, "thing")
        with handle as address:
            handle.close()
            self.assertEqual((address, self.freed), (7, []))
        self.assertEqual(self.freed, [7])

    def test_consumed(self):
        """A call that takes it away frees it itself."""
        handle = Handle(7, self.freed.append, "thing", exclusive=True)
        self.assertEqual(handle.consumed(), 7)
        handle.close()
        del handle
        gc.collect()
        self.assertEqual(self.freed, [])

    def test_one_at_a_time(self):
        """An exclusive handle makes threads wait."""
        handle, order = Handle(7, self.freed.append, "thing", exclusive=True), []

        def borrow():
            with handle:
                order.append("other")

        thread = threading.Thread(target=borrow)
        with handle:
            thread.start()
            thread.join(timeout=0.1)
            order.append("first")
        thread.join()
        self.assertEqual(order, ["first", "other"])


class Errors(unittest.TestCase):
    def test_every_status(self):
        """Each status but OK has a class of its own."""
        self.assertEqual(set(errors._CLASSES), set(lightspeed.Status) - {lightspeed.Status.OK})
        self.assertEqual(len(set(errors._CLASSES.values())), len(errors._CLASSES))

    def test_attributes(self):
        """An error tells its status, and travels between processes."""
        with self.assertRaises(lightspeed.LightspeedError) as raised:
            lightspeed.stats.summarize([])
        error = pickle.loads(pickle.dumps(raised.exception))
        self.assertIs(type(error), errors.StatisticsError)
        self.assertEqual((error.status, error.name, error.detail), (lightspeed.Status.STATISTICS, "STATISTICS", "Empty"))
        self.assertEqual((error.path, error.line), (None, None))
        self.assertIn("is empty", str(error))
        file = errors.FileError("gone", lightspeed.Status.IO, "", pathlib.Path("a"), 3)
        self.assertEqual(
            (str(pickle.loads(pickle.dumps(file))), file.path, isinstance(file, OSError)), ("gone", pathlib.Path("a"), True)
        )

    def test_unknown_numbers(self):
        """Numbers of later releases keep their value."""
        self.assertEqual((lightspeed.Outcome(99).name, int(lightspeed.Outcome(99))), ("UNKNOWN_99", 99))
        with self.assertRaises(ValueError):
            lightspeed.Outcome("OK")


if __name__ == "__main__":
    unittest.main()
