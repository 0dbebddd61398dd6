"""From a row's cells to drafts of its variant and product, with every issue of the row at once."""

from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Any, NamedTuple

from bulk_uploads.models import Level
from bulk_uploads.processors import Issue
from bulk_uploads.spool import SpoolRow
from catalog.file_format import cells, gtin
from catalog.file_format.cells import CellError
from catalog.file_format.columns import Column, Field
from catalog.importing.header_plan import (
    HeaderPlan,
    ReadCell,
    Remembered,
    read_attribute,
)
from catalog.importing.rows import FileRow, ReadRow
from catalog.writing.definitions import ColumnIds
from catalog.writing.drafts import ProductDraft, VariantDraft


def _read_name(text: str) -> str:
    return cells.parse_name(text, longest=500)


_PRODUCT_READERS: dict[Field | None, ReadCell] = {
    Field.NAME: _read_name,
    Field.PRODUCT_KEY: cells.parse_product_key,
    Field.CATEGORY: cells.parse_category_path,
    Field.TAGS: cells.parse_names,
    Field.COLLECTIONS: cells.parse_names,
}
_PRODUCT_NAMES = {
    Field.NAME: "name",
    Field.PRODUCT_KEY: "key",
    Field.CATEGORY: "category",
    Field.TAGS: "tags",
    Field.COLLECTIONS: "collections",
}


class _Cell(NamedTuple):
    """Where a value stands, how it is read, and what it is called in the draft."""

    place: int
    values: Remembered
    column: Column
    key: Any


class RowReader:
    """Reads rows of one plan. Needs `bind` before `read`, because drafts name definitions by id."""

    def __init__(self, plan: HeaderPlan) -> None:
        self._plan = plan
        self._values = [
            (value.column.index, value.values, value.column, value.name, value.blank)
            for value in plan.values
        ]
        self._attributes: list[_Cell] = []
        self._tables: list[_Cell] = []
        self._lists: list[_Cell] = []
        self._media: list[_Cell] = []
        self._product = [
            _Cell(place, Remembered(_PRODUCT_READERS[column.field]), column, column.field)
            for place, column in enumerate(plan.product_columns)
            if column.field is not None
        ]
        self._active = Remembered(cells.parse_active)

    def bind(self, ids: Mapping[int, ColumnIds], media_paths: int) -> None:
        plan = self._plan
        attributes, items = Remembered(read_attribute), Remembered(cells.parse_items)
        urls = Remembered(cells.parse_urls)

        def key(column: Column) -> str:
            return str(ids[column.index].definition)

        self._attributes = [_Cell(c.index, attributes, c, key(c)) for c in plan.attributes]
        self._tables = [
            _Cell(c.index, items, c, (key(c), str(ids[c.index].entry))) for c in plan.tables
        ]
        self._lists = [_Cell(c.index, items, c, key(c)) for c in plan.lists]
        self._media = [_Cell(c.index, urls, c, ids[c.index].definition) for c in plan.galleries]
        if plan.media:
            self._media.append(_Cell(plan.media.index, urls, plan.media, media_paths))

    def glance(self, source: SpoolRow) -> FileRow:
        """Key, digest and product columns: enough to see that a row changes nothing."""
        plan = self._plan
        texts = source.cells()
        row = FileRow(
            source=source,
            cells=texts,
            digest=blake2b(source.cells_json, digest_size=16, key=plan.digest_key).digest(),
            sku=texts[plan.sku.index].strip() if plan.sku else "",
            ean="",
            gtin=None,
            product_cells=tuple([texts[column.index].strip() for column in plan.product_columns]),
        )
        if plan.eans:
            self._glance_at_eans(row)
        return row

    def _glance_at_eans(self, row: FileRow) -> None:
        """The first EAN column that is not blank wins; another that disagrees is warned of."""
        given = [(column, row.cells[column.index].strip()) for column in self._plan.eans]
        given = [(column, text) for column, text in given if text]
        if not given:
            return
        column, text = given[0]
        issues: list[Issue] = []
        try:
            row.ean = cells.parse_gtin(text)
            row.gtin = gtin.padded(row.ean)
        except CellError as error:
            issues.append(_problem(row.number, column, text, error))
        for other, its_text in given[1:]:
            if its_text.zfill(14) != text.zfill(14):
                issues.append(_disagreement(row.number, column, text, other, its_text))
        row.key_issues = issues or None

    def read(self, row: FileRow) -> ReadRow:
        """Everything a row says. Raises nothing: what cannot be taken is an issue."""
        issues = list(row.key_issues or ())
        variant = VariantDraft(sku=row.sku, row=row.number)
        product = ProductDraft(key="", row=row.number)
        self._read_keys(row, variant, issues)
        self._read_values(row, variant, issues)
        self._read_sets(row, variant, issues)
        self._read_product(row, product, issues)
        if not issues:
            # Only a row without a word to say again may be recognised by its digest.
            variant.digest = row.digest
        return ReadRow(variant=variant, product=product, issues=issues)

    def _read_keys(self, row: FileRow, variant: VariantDraft, issues: list[Issue]) -> None:
        if row.sku and self._plan.sku:
            try:
                cells.parse_sku(row.sku)
            except CellError as error:
                issues.append(_problem(row.number, self._plan.sku, row.sku, error))
        blank = self._plan.eans and not row.ean and not row.key_issues
        if row.ean or (blank and self._plan.options.clear_blanks and row.sku):
            variant.values["ean"] = row.ean
            variant.values["gtin"] = row.gtin

    def _read_values(self, row: FileRow, variant: VariantDraft, issues: list[Issue]) -> None:
        clear, texts, found = self._plan.options.clear_blanks, row.cells, variant.values
        for index, values, column, name, blank in self._values:
            text = texts[index].strip()
            if not text:
                if clear:
                    found[name] = blank
                continue
            try:
                found[name] = values[text]
            except CellError as error:
                issues.append(_problem(row.number, column, text, error))
        active = self._plan.active
        if active is not None and (text := texts[active.index].strip()):
            try:
                found["active"] = self._active[text]
            except CellError as error:
                issues.append(_problem(row.number, active, text, error))

    def _read_sets(self, row: FileRow, variant: VariantDraft, issues: list[Issue]) -> None:
        """Cells that say something: all that are not blank, and blank ones that clear."""
        clear, texts = self._plan.options.clear_blanks, row.cells
        for cells_of_kind, take in (
            (self._attributes, _take_attribute),
            (self._tables, _take_entry),
            (self._lists, _take_list),
            (self._media, _take_media),
        ):
            for cell in cells_of_kind:
                place, values, column, key = cell
                text = texts[place].strip()
                if not text and not clear:
                    continue
                try:
                    take(variant, key, values[text] if text else None)
                except CellError as error:
                    issues.append(_problem(row.number, column, text, error))

    def _read_product(self, row: FileRow, product: ProductDraft, issues: list[Issue]) -> None:
        clear, texts = self._plan.options.clear_blanks, row.product_cells
        for cell in self._product:
            text = texts[cell.place]
            if not text:
                if clear:
                    _clear_product_field(product, cell.key)
                continue
            try:
                setattr(product, _PRODUCT_NAMES[cell.key], cell.values[text])
            except CellError as error:
                issues.append(_problem(row.number, cell.column, text, error))


def _take_attribute(variant: VariantDraft, key: str, value: str | None) -> None:
    variant.attributes[key] = value


def _take_entry(variant: VariantDraft, key: tuple[str, str], values: list[str] | None) -> None:
    set_key, entry_key = key
    entries = variant.tables.get(set_key)
    if entries is None:
        entries = variant.tables[set_key] = {}
    entries[entry_key] = values or None


def _take_list(variant: VariantDraft, key: str, items: list[str] | None) -> None:
    variant.lists[key] = items or None


def _take_media(variant: VariantDraft, key: int, urls: list[str] | None) -> None:
    variant.media[key] = urls or []


def _clear_product_field(product: ProductDraft, field: Field) -> None:
    """A blank name or key keeps the product whatever the option says."""
    if field is Field.CATEGORY:
        product.category = ""
    elif field is Field.TAGS:
        product.tags = []
    elif field is Field.COLLECTIONS:
        product.collections = []


def product_digest(plan: HeaderPlan, product_cells: Sequence[str]) -> bytes:
    joined = "\x1f".join(product_cells).encode()
    return blake2b(joined, digest_size=16, key=plan.product_digest_key).digest()


def _problem(number: int, column: Column, text: str, error: CellError) -> Issue:
    return Issue(
        row=number,
        column=column.header,
        value=text,
        level=Level.ERROR,
        code=error.code,
        message=error.message,
    )


def _disagreement(number: int, column: Column, text: str, other: Column, its_text: str) -> Issue:
    return Issue(
        row=number,
        column=other.header,
        value=its_text,
        level=Level.WARNING,
        code="ean_disagrees",
        message=(
            f"{other.header} says {its_text!r}, but {column.header} comes first and says "
            f"{text!r}; the first is taken."
        ),
    )
