"""The application's settings, in a data directory of the test run's own."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

# The surroundings of whoever runs the tests must not decide how they end; the database may.
KEPT = ("DATABASE_URL",)
for _line in (Path(__file__).parents[1] / "docs" / "configuration.md").read_text().splitlines():
    _name = _line.removeprefix("| `").partition("`")[0]
    if _line.startswith("| `") and _name not in KEPT:
        os.environ.pop(_name, None)
_data_dir = Path(tempfile.mkdtemp(prefix="catalog-tests-"))
atexit.register(shutil.rmtree, _data_dir, ignore_errors=True)
os.environ["DATA_DIR"] = str(_data_dir)
(_data_dir / "static").mkdir()

from config.settings import *
from config.settings import DATABASES, STORAGES

ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", "testserver"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, not memory: worker processes that a test starts must find the same database.
    DATABASES["default"]["TEST"] = {"NAME": str(_data_dir / "test.sqlite3")}
