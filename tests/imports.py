"""Imports run in process, batch by batch, and what they leave, so that two can be compared."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any
from unittest import mock

from django.core.files.base import ContentFile

from accounts.models import Account
from bulk_uploads import ledger, processors, services, tasks
from bulk_uploads.engine.pace import Pace
from bulk_uploads.models import BulkUpload, Outcome
from catalog.importing.processor import CatalogProcessor
from catalog.models import (
    AttributeDefinition,
    Category,
    Change,
    Collection,
    MediaAsset,
    MediaLink,
    ObjectKind,
    Product,
    ProductCollection,
    ProductTag,
    PropertySetDefinition,
    TableEntryDefinition,
    Tag,
    Variant,
)

CATALOG = "catalog_csv_upload_processor"
_COUNTS = ("created", "updated", "unchanged", "merged", "failed", "not_applied")


def import_rows(
    account: Account,
    header: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    batch_rows: int | None = None,
    **options: Any,
) -> BulkUpload:
    """Upload these cells as a CSV file, and run the upload to its end."""
    return import_bytes(account, csv_bytes(header, rows), batch_rows=batch_rows, **options)


def import_file(
    account: Account,
    path: Path,
    *,
    batch_rows: int | None = None,
    processor_name: str = CATALOG,
    **options: Any,
) -> BulkUpload:
    return import_bytes(
        account,
        path.read_bytes(),
        batch_rows=batch_rows,
        processor_name=processor_name,
        **options,
    )


def import_bytes(
    account: Account,
    content: bytes,
    *,
    batch_rows: int | None = None,
    processor_name: str = CATALOG,
    **options: Any,
) -> BulkUpload:
    upload = draft(account, content, processor_name=processor_name, **options)
    return run_to_end(upload, batch_rows=batch_rows)


def draft(
    account: Account, content: bytes, *, processor_name: str = CATALOG, **options: Any
) -> BulkUpload:
    """An upload that no worker has seen yet."""
    return services.create_upload(
        account=account,
        content=ContentFile(content),
        name="catalog.csv",
        content_type="text/csv",
        processor_name=processor_name,
        options=options or None,
    )


def run_to_end(upload: BulkUpload, *, batch_rows: int | None = None) -> BulkUpload:
    """Slice after slice while the next is due at once; an attempt that fails fails the test."""
    while tasks.run_slice(upload.pk, batch_rows=batch_rows):
        pass
    upload = BulkUpload.objects.with_file().get(pk=upload.pk)
    assert upload.has_ended, f"{upload} came to a halt; the log says why"
    return upload


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode()


@contextmanager
def catalog_processor(replacement: CatalogProcessor) -> Iterator[None]:
    """Catalog files are taken by another processor for a while."""
    usual = processors.processor_named(CATALOG)
    processors._registered[CATALOG] = replacement
    try:
        yield
    finally:
        processors._registered[CATALOG] = usual


def without_digests() -> AbstractContextManager[None]:
    """The catalog processor compares every row in full, as if no digest had been invented."""
    return catalog_processor(CatalogProcessor(use_digests=False))


def without_presuming() -> AbstractContextManager[None]:
    """The catalog processor looks every row up, also on a first import."""
    return catalog_processor(CatalogProcessor(presumes=False))


@contextmanager
def interrupted(before_batch: Callable[[int], object]) -> Iterator[None]:
    """Calls `before_batch` with the number of each batch, before anything is locked or written."""
    batches = count(1)
    rest = Pace.rest

    def call_and_rest(pace: Pace) -> None:
        before_batch(next(batches))
        rest(pace)

    with mock.patch.object(Pace, "rest", call_and_rest):
        yield


def counts(upload: BulkUpload) -> dict[str, int]:
    """The rows by what became of them; outcomes that no row had are left out."""
    numbers = {name: getattr(upload, f"{name}_rows") for name in _COUNTS}
    return {name: number for name, number in numbers.items() if number}


def outcomes(upload: BulkUpload) -> dict[int, str]:
    return {
        row: Outcome(outcome).label
        for row, outcome in ledger.visible(upload).values_list("row", "outcome")
    }


def issues(upload: BulkUpload) -> list[tuple[int | None, str, str, str]]:
    """(row, column, value, code), in the order people see them."""
    return list(ledger.visible_issues(upload).values_list("row", "column", "value", "code"))


def messages(upload: BulkUpload) -> list[str]:
    return list(ledger.visible_issues(upload).values_list("message", flat=True))


def judgement_of(upload: BulkUpload) -> dict[str, Any]:
    """How an upload ended and what it says of each row; ids and times left out."""
    output = upload.output or {}
    return {
        "end": (upload.status, output.get("code"), output.get("message")),
        "counts": counts(upload),
        "warnings": upload.warnings,
        "rows": list(ledger.visible(upload).values_list("row", "key", "outcome")),
        "issues": sorted(
            ledger.visible_issues(upload).values_list(
                "row", "column", "value", "level", "code", "message"
            )
        ),
    }


def outcome_of_run(upload: BulkUpload) -> dict[str, Any]:
    """What a dry run must foretell: the same as `judgement_of`, but for the wording of the end."""
    judgement = judgement_of(upload)
    status, code, _ = judgement.pop("end")
    return {**judgement, "end": (status, code)}


def catalog_of(account: Account) -> dict[str, Any]:
    """Every table of the account's catalog by what things are called, never by id or time."""
    names = _Names.of(account)
    return {
        "products": sorted(_products(account, names)),
        "variants": sorted(_variants(account, names), key=lambda row: row["sku"]),
        "attributes": list(
            _of(AttributeDefinition, account).values_list("name", "unit", "position", "header")
        ),
        "sets": list(
            _of(PropertySetDefinition, account).values_list("kind", "name", "position", "header")
        ),
        "entries": sorted(
            TableEntryDefinition.objects.filter(property_set__account=account).values_list(
                "property_set__name", "position", "key", "unit", "header"
            )
        ),
        "categories": sorted(
            _of(Category, account).values_list("path", "name", "parent__path"), key=str
        ),
        "tags": sorted(_of(Tag, account).values_list("name", flat=True)),
        "collections": sorted(_of(Collection, account).values_list("name", flat=True)),
        "assets": sorted(_of(MediaAsset, account).values_list("url", flat=True)),
        "changes": sorted(_changes(account, names), key=str),
    }


@dataclass(frozen=True, slots=True)
class _Names:
    """What the account's ids stand for."""

    attributes: dict[str, str]
    sets: dict[str, str]
    entries: dict[str, str]
    uploads: dict[int | None, int | None]
    objects: dict[tuple[int, int], str]

    @classmethod
    def of(cls, account: Account) -> "_Names":
        uploads = BulkUpload.objects.filter(account=account).order_by("id")
        keys = _of(Product, account).values_list("id", "key")
        skus = _of(Variant, account).values_list("id", "sku")
        return cls(
            attributes={str(made.pk): str(made) for made in _of(AttributeDefinition, account)},
            sets={
                str(made.pk): f"{made.kind} {made.name}"
                for made in _of(PropertySetDefinition, account)
            },
            entries={
                str(made.pk): str(made)
                for made in TableEntryDefinition.objects.filter(property_set__account=account)
            },
            uploads={None: None}
            | {pk: n for n, pk in enumerate(uploads.values_list("id", flat=True))},
            objects={(ObjectKind.PRODUCT, pk): key for pk, key in keys}
            | {(ObjectKind.VARIANT, pk): sku for pk, sku in skus},
        )

    def of_attributes(self, stored: dict[str, Any]) -> dict[str, Any]:
        return {self.attributes[key]: value for key, value in stored.items()}

    def of_sets(self, stored: dict[str, Any]) -> dict[str, Any]:
        return {
            self.sets[key]: (
                {self.entries[entry]: values for entry, values in value.items()}
                if isinstance(value, dict)
                else value
            )
            for key, value in stored.items()
        }

    def of_field(self, field: str) -> str:
        kind, *ids = field.split(".")
        if kind == "attributes" and ids:
            return f"attributes.{self.attributes[ids[0]]}"
        if ids:
            return ".".join([kind, self.sets[ids[0]], *(self.entries[entry] for entry in ids[1:])])
        return field


def _of(model: Any, account: Account) -> Any:
    return model.objects.filter(account=account)


def _grouped(
    model: Any, owner: str, account: Account, *columns: str
) -> dict[int, list[tuple[Any, ...]]]:
    """The columns of all rows in order of position, by the id of what they belong to."""
    found: dict[int, list[tuple[Any, ...]]] = {}
    rows = model.objects.filter(**{f"{owner}__account": account}).order_by("position")
    for owner_id, *values in rows.values_list(f"{owner}_id", *columns):
        found.setdefault(owner_id, []).append(tuple(values))
    return found


def _products(account: Account, names: _Names) -> Iterator[tuple[Any, ...]]:
    tags = _grouped(ProductTag, "product", account, "tag__name")
    collections = _grouped(ProductCollection, "product", account, "collection__name")
    for product in _of(Product, account).select_related("category"):
        yield (
            product.key,
            product.name,
            product.category.path if product.category else "",
            [name for (name,) in tags.get(product.pk, [])],
            [name for (name,) in collections.get(product.pk, [])],
            names.uploads[product.created_by_upload_id],
            product.digest is not None and product.digest_change_id == product.last_change_id,
        )


def _variants(account: Account, names: _Names) -> Iterator[dict[str, Any]]:
    links = _grouped(MediaLink, "variant", account, "property_set_id", "asset__url")
    for variant in _of(Variant, account).select_related("product"):
        media: dict[str, list[str]] = {}
        for set_id, url in links.get(variant.pk, []):
            media.setdefault(names.sets[str(set_id)], []).append(url)
        values = {name: getattr(variant, name) for name in _VARIANT_VALUES}
        yield {
            **values,
            "product": variant.product.key,
            "attributes": names.of_attributes(variant.attributes),
            "property_sets": names.of_sets(variant.property_sets),
            "media": media,
            "created_by": names.uploads[variant.created_by_upload_id],
        }


_VARIANT_VALUES = (
    "sku",
    "ean",
    "gtin",
    "display_name",
    "description",
    "price",
    "list_price",
    "length_mm",
    "width_mm",
    "height_mm",
    "weight_g",
    "active",
    "tax_number",
    "tax_rate",
)


#: What a change holds of ids, and of times.
_IDENTITY = frozenset({"product_id", "uuid", "created_at", "created_by_upload_id"})


def _changes(account: Account, names: _Names) -> Iterator[tuple[Any, ...]]:
    for change in _of(Change, account):
        named = names.objects.get((change.kind, change.object_id), change.label)
        yield (
            change.get_kind_display(),
            named,
            change.get_action_display(),
            names.uploads[change.upload_id],
            change.row,
            {
                names.of_field(field): values
                for field, values in (change.fields or {}).items()
                if field not in _IDENTITY
            },
        )
