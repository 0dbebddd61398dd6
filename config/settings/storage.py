"""Where files lie: uploads and images in private storage, the pages' own files beside the code."""

from pathlib import Path
from typing import Any
from urllib.parse import unquote

from config.settings.environment import Url, WrongValue, env, only_options
from config.settings.packages import require_package
from config.settings.paths import BASE_DIR, DATA_DIR, prepared_directory
from config.settings.security import DEBUG

S3_OPTIONS = frozenset({"endpoint_url", "region", "addressing_style"})
ADDRESSING_STYLES = ("auto", "path", "virtual")


def file_storage(url: Url) -> dict[str, Any]:
    """No `base_url` serves these files: every one goes through a view that checks who asks."""
    only_options("STORAGE_URL", url, frozenset())
    if url.parts.netloc:
        raise WrongValue("STORAGE_URL", "expected file:///absolute/directory")
    directory = Path(unquote(url.parts.path)) if url.parts.path else DATA_DIR / "media"
    return {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": prepared_directory("STORAGE_URL", directory),
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    }


def s3_storage(url: Url) -> dict[str, Any]:
    """Credentials in the URL, or else the machine's own identity (AWS_* or instance role)."""
    require_package("STORAGE_URL", "boto3")
    only_options("STORAGE_URL", url, S3_OPTIONS)
    if not url.parts.hostname:
        raise WrongValue("STORAGE_URL", "names no bucket: s3://bucket/prefix")
    style = url.options.get("addressing_style", "auto")
    if style not in ADDRESSING_STYLES:
        raise WrongValue("STORAGE_URL", f"addressing_style must be one of {ADDRESSING_STYLES}")
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": url.parts.hostname,
            "location": unquote(url.parts.path).strip("/"),
            "access_key": unquote(url.parts.username or "") or None,
            "secret_key": unquote(url.parts.password or "") or None,
            "endpoint_url": url.options.get("endpoint_url") or None,
            "region_name": url.options.get("region") or None,
            "addressing_style": style,
            "default_acl": None,
            "querystring_auth": True,
            "file_overwrite": False,
        },
    }


def chosen_storage() -> dict[str, Any]:
    url = env.url(
        "STORAGE_URL",
        schemes=("file", "s3"),
        default="file://",
        shown_default="file:// under DATA_DIR",
    )
    return s3_storage(url) if url.scheme == "s3" else file_storage(url)


MEDIA_ROOT = DATA_DIR / "media"
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": chosen_storage(),
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        ),
    },
}
# A request's upload beyond this many bytes is written to a temporary file, not to memory.
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600
