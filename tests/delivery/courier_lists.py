"""Pincode files run in process, and the pincodes and changes that they leave."""

from collections.abc import Iterable, Sequence
from typing import Any

from accounts.models import Account
from bulk_uploads.models import BulkUpload
from delivery.importing.processor import BLUEDART_PROCESSOR
from delivery.models import PincodeChange, ServiceablePincode
from delivery.state import STATE_FIELDS
from tests.imports import csv_bytes, import_bytes

SHORT = ["cscrcd", "pincode", "city", "bdel_loc", "state", "cod", "prepaid", "mode"]
LONG = [
    *("carea", "cscrcd", "pincode", "city", "bdel_loc", "state", "region", "cloctype"),
    *("bembargo", "surfacecod", "surfacepp", "dstarcd", "newzone", "sfccodval", "sfcpreval"),
    *("statecode", "cservflag"),
]
EXTENDED = [
    *("PINCODE", "REGION", "STATE", "Extended Delivery Location", "EDL Distance", "Embargo"),
]


def pincode_rows(
    account: Account,
    header: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    batch_rows: int | None = None,
    **options: Any,
) -> BulkUpload:
    """Upload these cells as a pincode file, and run the upload to its end."""
    return import_bytes(
        account,
        csv_bytes(header, rows),
        batch_rows=batch_rows,
        processor_name=BLUEDART_PROCESSOR,
        **options,
    )


def short(
    pincode: str, mode: str = "surface", *, cod: str = "Y", prepaid: str = "Y", city: str = "PUNE"
) -> list[str]:
    return ["PNQ", pincode, city, "SHIVAJI NAGAR", "MAHARASHTRA", cod, prepaid, mode]


def pincodes_of(account: Account) -> dict[tuple[str, str], dict[str, Any]]:
    """What is known, by pincode and mode."""
    return {
        (row.pincode, row.mode): {name: getattr(row, name) for name in STATE_FIELDS}
        for row in ServiceablePincode.objects.filter(account=account).order_by("pincode", "mode")
    }


def served(account: Account) -> list[tuple[str, str]]:
    return [key for key, state in pincodes_of(account).items() if state["is_serviceable"]]


def changes_of(account: Account) -> list[tuple[Any, ...]]:
    """(pincode and mode, action, row, fields), in no order that batches could change."""
    names = {row.pk: str(row) for row in ServiceablePincode.objects.filter(account=account)}
    return sorted(
        (
            (
                names.get(change.object_id, ""),
                change.get_action_display(),
                change.row,
                change.fields,
            )
            for change in PincodeChange.objects.filter(account=account)
        ),
        key=str,
    )
