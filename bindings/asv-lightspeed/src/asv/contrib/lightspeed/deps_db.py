"""Is `lightspeed.asv.deps_db` itself, and no copy: what clients replace in it is what runs."""

import sys

from lightspeed.asv import deps_db

sys.modules[__name__] = deps_db
