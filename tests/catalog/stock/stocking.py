"""Stock files run in process, and the levels and movements that they leave."""

from collections.abc import Iterable, Sequence
from typing import Any

from accounts.models import Account
from bulk_sql.numbers import plain_decimal
from bulk_uploads.models import BulkUpload
from catalog.models import Location, NewLocation, StockLevel, StockMovement, Variant
from catalog.stock.processor import STOCK_PROCESSOR
from tests.factories.catalog import ProductFactory, VariantFactory
from tests.imports import csv_bytes, import_bytes


def stock_rows(
    account: Account,
    header: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    batch_rows: int | None = None,
    **options: Any,
) -> BulkUpload:
    """Upload these cells as a stock file, and run the upload to its end."""
    return import_bytes(
        account,
        csv_bytes(header, rows),
        batch_rows=batch_rows,
        processor_name=STOCK_PROCESSOR,
        **options,
    )


def variants(account: Account, *skus: str) -> list[Variant]:
    product = ProductFactory.create(account=account)
    return [VariantFactory.create(product=product, sku=sku) for sku in skus]


def levels_of(account: Account) -> dict[tuple[str, str], str]:
    """Quantities by SKU and location."""
    found = StockLevel.objects.filter(account=account).order_by("variant__sku", "location__key")
    return {
        (sku, location): plain_decimal(quantity)
        for sku, location, quantity in found.values_list(
            "variant__sku", "location__name", "quantity"
        )
    }


def movements_of(account: Account) -> list[tuple[Any, ...]]:
    """(SKU, location, kind, before, after, row), oldest first."""
    skus = dict(Variant.objects.filter(account=account).values_list("id", "sku"))
    return [
        (
            skus.get(movement.variant_id),
            movement.location_name,
            movement.get_kind_display(),
            None if movement.before is None else plain_decimal(movement.before),
            None if movement.after is None else plain_decimal(movement.after),
            movement.row,
        )
        for movement in StockMovement.objects.filter(account=account).order_by("id")
    ]


def stock_of(account: Account) -> dict[str, Any]:
    """Every table of the account's stock by what things are called, never by id or time."""
    uploads = list(BulkUpload.objects.filter(account=account).order_by("id"))
    numbers = {upload.pk: number for number, upload in enumerate(uploads)}
    movements = StockMovement.objects.filter(account=account)
    newest = {movement.pk: movement for movement in movements}
    levels = StockLevel.objects.filter(account=account).select_related("location", "variant")
    return {
        "locations": sorted(
            Location.objects.filter(account=account).values_list("name", "key", "is_default")
        ),
        "levels": levels_of(account),
        "stamps": sorted(
            (
                level.variant.sku,
                level.location.name,
                newest[level.last_movement_id].after,
                newest[level.last_movement_id].row,
            )
            for level in levels
        ),
        "movements": sorted(movements_of(account), key=str),
        "new locations": sorted(
            (numbers[upload], is_dry, key, name, row)
            for upload, is_dry, key, name, row in NewLocation.objects.filter(
                upload__in=uploads
            ).values_list("upload_id", "is_dry", "key", "name", "row")
        ),
    }
