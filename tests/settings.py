"""The application's settings, in a data directory of the test run's own."""

import os
import tempfile
from pathlib import Path

_database_url = os.environ.get("DATABASE_URL", "")
os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="catalog-tests-")
for _name in ("DEBUG", "SECURE", "ALLOWED_HOSTS", "SECRET_KEY", "STORAGE_URL", "BROKER_URL"):
    os.environ.pop(_name, None)

from config.settings import *  # noqa: E402
from config.settings import DATA_DIR, DATABASES, STORAGES  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# A file, not memory: worker processes that a test starts must find the same database.
DATABASES["default"]["TEST"] = (
    {} if _database_url.startswith("postgres") else {"NAME": str(Path(DATA_DIR) / "test.sqlite3")}
)
STORAGES["staticfiles"] = {
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage",
}
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", "testserver"]
