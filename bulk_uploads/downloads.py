"""The bytes of an uploaded file, for a token of its account or a person who may see it there."""

from dataclasses import dataclass
from typing import Any, Final

from django.core.files.storage import default_storage
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest
from django.urls import reverse
from ninja import Router

from accounts.access import accounts_for
from accounts.models import Account, User
from bulk_uploads.api.access import UploadReaderAuth
from bulk_uploads.models import UploadedFile
from platform_api.errors import NotFound

PERMISSION: Final = "bulk_uploads.view_uploadedfile"
ROUTE_NAME: Final = "uploaded_file"
