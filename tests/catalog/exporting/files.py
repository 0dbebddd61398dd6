"""Exports as bytes, and what a spreadsheet's own library makes of them."""

import io

from accounts.models import Account
from catalog.exporting import CatalogExport, ExportFormat, Selection

FORMATS = list(ExportFormat)
SITE = "https://shop.example"


def exported(account: Account, format: ExportFormat, selection: Selection | None = None) -> bytes:
    chosen = selection or Selection.everything(account_id=account.pk)
    target = io.BytesIO()
    CatalogExport(chosen, format, site=SITE).write(target)
    return target.getvalue()


def csv_text(account: Account, selection: Selection | None = None) -> str:
    return exported(account, ExportFormat.CSV, selection).decode("utf-8-sig")
