"""Undos run in process, and what they leave, so that it can be compared with what was before."""

from typing import Any

from accounts.models import Account, User
from bulk_uploads import undo_tasks, undoing
from bulk_uploads.models import BulkUpload, UploadUndo
from catalog.models import Product, Variant
from tests.imports import catalog_of


def undo(upload: BulkUpload, *, requested_by: User | None = None) -> UploadUndo:
    """Ask for the undo, and run it to its end."""
    return run_undo(undoing.request_undo(upload=upload, requested_by=requested_by))


def run_undo(asked: UploadUndo) -> UploadUndo:
    while undo_tasks.run_undo_slice(asked.pk):
        pass
    done = UploadUndo.objects.get(pk=asked.pk)
    assert done.has_ended, f"{done} came to a halt; the log says why"
    return done


def forecast(upload: BulkUpload) -> list[str]:
    return list(undoing.ready_undoer(upload).forecast())


def counts(done: UploadUndo) -> dict[str, int]:
    numbers = {name: getattr(done, name) for name in ("restored", "removed", "kept")}
    return {name: number for name, number in numbers.items() if number}


def kept(done: UploadUndo) -> list[tuple[int | None, str, str, str]]:
    return list(done.kept_rows.values_list("row", "key", "column", "reason_code"))


def things_of(account: Account) -> dict[str, Any]:
    """Products and variants with their ids and all their values: what an undo gives back.

    Not the change log, which tells of both, nor shelves and definitions, which stay, nor digests.
    """
    catalog = catalog_of(account)
    return {
        "products": [row[:-1] for row in catalog["products"]],
        "variants": catalog["variants"],
        "product ids": sorted(
            Product.objects.for_account(account.pk).values_list("key", "id", "uuid", "created_at")
        ),
        "variant ids": sorted(
            Variant.objects.for_account(account.pk).values_list("sku", "id", "created_at")
        ),
    }


def traces_of(account: Account) -> dict[str, Any]:
    """Every table of the catalog, its log and its times included, but for digests."""
    catalog = catalog_of(account)
    catalog["products"] = [row[:-1] for row in catalog["products"]]
    return {
        **catalog,
        **things_of(account),
        "stamps": [
            sorted(
                model.objects.filter(account=account).values_list(
                    "id", "last_change_id", "updated_at"
                )
            )
            for model in (Product, Variant)
        ],
    }
