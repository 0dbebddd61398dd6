"""The fingerprint of a request: equal where the same is asked with the same files."""

import hashlib
from typing import Any

import orjson
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from platform_api.errors import BadRequest
from platform_api.parser import JSON_TYPE, parsed_json


def request_fingerprint(request: HttpRequest) -> str:
    """SHA-256 (hex) over the parsed fields and the SHA-256 of each file.

    Boundaries, header order, file names and the spelling of JSON do not count. Files are read
    once and rewound. Raises BadRequest for JSON that cannot be read, which a handler without a body
    would never have looked at.
    """
    if request.content_type == JSON_TYPE:
        parts: Any = parsed_json(request.body or b"null")
    else:
        files = [
            [name, _sha256(file)]
            for name, files in request.FILES.lists()
            for file in files
            if isinstance(file, UploadedFile)
        ]
        parts = [sorted(map(list, request.POST.lists())), sorted(files)]
    try:
        canonical = orjson.dumps(parts, option=orjson.OPT_SORT_KEYS)
    except orjson.JSONEncodeError as error:  # it is read to a depth at which it cannot be written
        raise BadRequest("body", "Nested too deeply") from error
    return hashlib.sha256(canonical).hexdigest()


def _sha256(file: "UploadedFile[Any]") -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()
