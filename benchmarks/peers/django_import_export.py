"""django-import-export at its best, filling the same tables.

Rows are saved in bulk, in batches of 1,000; stored variants are loaded once; no foreign key is
followed; cells need one cheap conversion each; everything around the variants is made in bulk.
Either differences are not computed at all (`skip_diff`), or unchanged rows are left alone
(`skip_unchanged`): on a first import either may be the faster one, so both are measured.
"""

from decimal import Decimal
from pathlib import Path
from time import perf_counter
from typing import Any, ClassVar

from django.utils import timezone
from import_export.fields import Field
from import_export.instance_loaders import CachedInstanceLoader
from import_export.resources import ModelResource
from import_export.widgets import Widget
from tablib import Dataset

from benchmarks.account import bench_account
from benchmarks.orm_shelves import ProductRow, Shelves
from benchmarks.outcome import Outcome
from catalog.file_format.cells import split_list
from catalog.file_format.columns import Column, Kind
from catalog.file_format.columns import Field as CatalogField
from catalog.file_format.header import parse_header
from catalog.models import Variant
from catalog.writing.definitions import ColumnIds, define_columns


def measure(*, file: str, configuration: str) -> Outcome:
    """`configuration` is `skip_diff` or `skip_unchanged`."""
    resource = _VariantResource(bench_account().pk)
    resource._meta.skip_diff = configuration == "skip_diff"
    resource._meta.skip_unchanged = configuration == "skip_unchanged"
    started = perf_counter()
    dataset = Dataset().load(Path(file).read_text(encoding="utf-8"), format="csv")
    result = resource.import_data(dataset, raise_errors=True, use_transactions=True)
    return Outcome(
        seconds={"total": perf_counter() - started},
        facts={name: count for name, count in result.totals.items() if count},
    )


class _Text(Widget):  # type: ignore[misc]
    """Values as they are; also for the comparison, where the usual widgets format numbers."""

    def render(self, value: Any, obj: object = None, **kwargs: object) -> Any:
        return value


class _Number(_Text):
    def clean(self, value: str, row: object = None, **kwargs: object) -> Decimal | None:
        return Decimal(value) if value else None


class _Truth(_Text):
    def clean(self, value: str, row: object = None, **kwargs: object) -> bool:
        return value == "TRUE"


def _field(attribute: str, column: str, widget: type[Widget] = _Text) -> Field:
    return Field(attribute=attribute, column_name=column, widget=widget())


class _VariantResource(ModelResource):  # type: ignore[misc]
    sku = _field("sku", "SKU")
    product_id = _field("product_id", "product_id")
    display_name = _field("display_name", "Display Name")
    description = _field("description", "Description")
    price = _field("price", "Price", _Number)
    list_price = _field("list_price", "List Price", _Number)
    length_mm = _field("length_mm", "Length(mm)", _Number)
    width_mm = _field("width_mm", "Width(mm)", _Number)
    height_mm = _field("height_mm", "Height(mm)", _Number)
    weight_g = _field("weight_g", "Weight(gms)", _Number)
    active = _field("active", "Active", _Truth)
    tax_number = _field("tax_number", "Tax Number")
    tax_rate = _field("tax_rate", "Tax Rate")
    attributes = _field("attributes", "attributes")
    property_sets = _field("property_sets", "property_sets")

    class Meta:
        model = Variant
        fields: ClassVar[tuple[str, ...]] = (
            "sku",
            "product_id",
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
            "attributes",
            "property_sets",
        )
        import_id_fields = ("sku",)
        instance_loader_class = CachedInstanceLoader
        use_bulk = True
        batch_size = 1_000
        skip_html_diff = True
        report_skipped = False

    def __init__(self, account_id: int) -> None:
        super().__init__()
        self._account_id = account_id
        self._shelves = Shelves(account_id=account_id, now=timezone.now())
        self._new: list[tuple[Variant, dict[int, list[str]]]] = []

    def get_queryset(self) -> Any:
        return Variant.objects.filter(account_id=self._account_id)

    def init_instance(self, row: dict[str, Any] | None = None) -> Variant:
        now = self._shelves.now
        return Variant(account_id=self._account_id, created_at=now, updated_at=now)

    def before_import(self, dataset: Dataset, **kwargs: object) -> None:
        columns = parse_header(dataset.headers).columns
        ids = define_columns(account_id=self._account_id, columns=columns, create=True)
        self._dynamic = [(column, ids[column.index]) for column in columns if column.index in ids]
        self._media_paths = next(
            found.definition
            for column, found in self._dynamic
            if column.field is CatalogField.MEDIA
        )
        names = ("Product Name", "Category Path", "Tags", "Collections")
        places = [dataset.headers.index(name) for name in names]
        self._products = self._shelves.products(
            ProductRow(*(cells[place] for place in places)) for cells in dataset
        )

    def before_import_row(self, row: dict[str, Any], **kwargs: object) -> None:
        row["product_id"] = self._products[row["Product Name"]]
        row["attributes"] = {
            str(ids.definition): row[column.header]
            for column, ids in self._dynamic
            if column.kind is Kind.ATTRIBUTE and row[column.header]
        }
        row["property_sets"] = _property_sets(row, self._dynamic)

    def before_save_instance(
        self, instance: Variant, row: dict[str, Any], **kwargs: object
    ) -> None:
        instance.updated_at = self._shelves.now
        if instance.pk is None:
            self._new.append((instance, self._media(row)))

    def after_import(self, dataset: Dataset, result: Any, **kwargs: object) -> None:
        super().after_import(dataset, result, **kwargs)
        self._shelves.media(self._new)

    def get_bulk_update_fields(self) -> list[str]:
        return [*super().get_bulk_update_fields(), "updated_at"]

    def _media(self, row: dict[str, Any]) -> dict[int, list[str]]:
        sets = {self._media_paths: split_list(row["Media Paths"])}
        for column, ids in self._dynamic:
            if column.kind is Kind.MEDIA:
                sets[ids.definition] = split_list(row[column.header])
        return sets


def _property_sets(row: dict[str, Any], dynamic: list[tuple[Column, ColumnIds]]) -> dict[str, Any]:
    sets: dict[str, Any] = {}
    for column, ids in dynamic:
        values = split_list(row[column.header])
        if column.kind is Kind.LIST and values:
            sets[str(ids.definition)] = values
        elif column.kind is Kind.TABLE and values:
            sets.setdefault(str(ids.definition), {})[str(ids.entry)] = values
    return sets
