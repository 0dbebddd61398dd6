"""An export as the answer to a request: a download that nobody keeps in a cache."""

import tempfile
from typing import BinaryIO, cast

from django.conf import settings
from django.http import FileResponse
from django.http.response import HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header

from accounts.models import Account
from catalog.exporting import CatalogExport, ExportFormat, Selection
from catalog.exporting.catalog_file import file_name
from jobs import clock


def export_response(
    *, account: Account, selection: Selection, format: ExportFormat
) -> HttpResponseBase:
    """CSV and JSON Lines are sent while they are read. A workbook is written to a temporary file
    first, because an archive begins with what only its end knows. Raises TableTooLarge."""
    export = CatalogExport(selection, format, site=settings.PUBLIC_URL)
    response = _workbook(export) if format is ExportFormat.XLSX else _stream(export)
    name = file_name(slug=account.slug, day=clock.now().date(), format=format)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["Content-Type"] = format.content_type
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    # Some proxies otherwise gather an answer before they pass any of it on.
    response["X-Accel-Buffering"] = "no"
    return response


def _stream(export: CatalogExport) -> HttpResponseBase:
    return StreamingHttpResponse(export.chunks())


def _workbook(export: CatalogExport) -> HttpResponseBase:
    # Gone with the process, whatever ends it; the response closes it.
    target = cast(BinaryIO, tempfile.TemporaryFile())  # noqa: SIM115
    try:
        export.write(target)
    except BaseException:
        target.close()
        raise
    target.seek(0)
    return FileResponse(target)
