"""From a row's cells to drafts of its variant and product, with every issue of the row at once."""

from collections.abc import Callable, Sequence
from hashlib import blake2b
from typing import TypeVar

from bulk_uploads.models import Level
from bulk_uploads.processors import Issue
from bulk_uploads.spool import SpoolRow
from catalog.file_format import cells, gtin
from catalog.file_format.cells import CellError
from catalog.file_format.columns import Column, Field
from catalog.importing.header_plan import HeaderPlan, read_attribute, read_sku, remembering
from catalog.importing.rows import FileRow, ReadRow
from catalog.writing.definitions import ColumnIds
from catalog.writing.drafts import ProductDraft, VariantDraft

T = TypeVar("T")


class RowReader:
    """Reads rows of one plan. Needs `bind` before `read`, because drafts name definitions by id."""

    def __init__(self, plan: HeaderPlan) -> None:
        self._plan = plan
        self._ids: dict[int, ColumnIds] = {}
        self._media_paths = 0
        self._read_list = remembering(lambda text: cells.parse_items(text))

    def bind(self, ids: dict[int, ColumnIds], media_paths: int) -> None:
        self._ids = ids
        self._media_paths = media_paths

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
        if (ean := self._take(row.number, issues, column, text, cells.parse_gtin)) is not None:
            row.ean, row.gtin = ean, gtin.padded(ean)
        for other, its_text in given[1:]:
            if its_text.zfill(14) != text.zfill(14):
                issues.append(_disagreement(row.number, column, text, other, its_text))
        row.key_issues = issues or None

    def read(self, row: FileRow) -> ReadRow:
        """Everything a row says. Raises nothing: what cannot be taken is an issue."""
        variant = VariantDraft(sku=row.sku, row=row.number)
        product = ProductDraft(key="", row=row.number)
        issues = list(row.key_issues or ())
        if row.sku and self._plan.sku:
            self._take(row.number, issues, self._plan.sku, row.sku, read_sku)
        self._read_ean(row, variant)
        self._read_values(row, variant, issues)
        self._read_sets(row, variant, issues)
        self._read_product(row, product, issues)
        has_error = any(issue.level is Level.ERROR for issue in issues)
        if not issues:
            # Only a row without a word to say again may be recognised by its digest.
            variant.digest = row.digest
        return ReadRow(variant=variant, product=product, issues=issues, has_error=has_error)

    def _read_ean(self, row: FileRow, variant: VariantDraft) -> None:
        blank = self._plan.eans and not row.ean and not row.key_issues
        if row.ean or (blank and self._plan.options.clear_blanks and row.sku):
            variant.values["ean"] = row.ean
            variant.values["gtin"] = row.gtin

    def _read_values(self, row: FileRow, variant: VariantDraft, issues: list[Issue]) -> None:
        clear = self._plan.options.clear_blanks
        for value in self._plan.values:
            text = row.cells[value.column.index].strip()
            if not text:
                if clear:
                    variant.values[value.name] = value.blank
                continue
            try:
                variant.values[value.name] = value.read(text)
            except CellError as error:
                issues.append(_problem(row.number, value.column, text, error))
        if self._plan.active and (text := row.cells[self._plan.active.index].strip()):
            active = self._take(row.number, issues, self._plan.active, text, cells.parse_active)
            variant.values["active"] = active

    def _read_sets(self, row: FileRow, variant: VariantDraft, issues: list[Issue]) -> None:
        clear, texts, number = self._plan.options.clear_blanks, row.cells, row.number
        for column in self._plan.attributes:
            text = texts[column.index].strip()
            if text or clear:
                key = str(self._ids[column.index].definition)
                value = self._take(number, issues, column, text, read_attribute) if text else None
                variant.attributes[key] = value
        for column in self._plan.tables:
            text = texts[column.index].strip()
            if text or clear:
                ids = self._ids[column.index]
                items = self._take(number, issues, column, text, self._read_list) or None
                variant.tables.setdefault(str(ids.definition), {})[str(ids.entry)] = items
        for column in self._plan.lists:
            text = texts[column.index].strip()
            if text or clear:
                key = str(self._ids[column.index].definition)
                variant.lists[key] = (
                    self._take(number, issues, column, text, self._read_list) or None
                )
        for column in self._plan.galleries:
            self._read_media(row, variant, issues, column, self._ids[column.index].definition)
        if self._plan.media:
            self._read_media(row, variant, issues, self._plan.media, self._media_paths)

    def _read_media(
        self,
        row: FileRow,
        variant: VariantDraft,
        issues: list[Issue],
        column: Column,
        set_id: int,
    ) -> None:
        text = row.cells[column.index].strip()
        if text or self._plan.options.clear_blanks:
            urls = self._take(row.number, issues, column, text, cells.parse_urls)
            variant.media[set_id] = urls or []

    def _read_product(self, row: FileRow, product: ProductDraft, issues: list[Issue]) -> None:
        clear = self._plan.options.clear_blanks
        for column, text in zip(self._plan.product_columns, row.product_cells, strict=True):
            if not text and not clear:
                continue
            match column.field:
                case Field.NAME if text:
                    product.name = self._take(row.number, issues, column, text, _read_name)
                case Field.PRODUCT_KEY if text:
                    key = self._take(row.number, issues, column, text, cells.parse_product_key)
                    product.key = key or ""
                case Field.CATEGORY:
                    read_path = cells.parse_category_path
                    product.category = (
                        self._take(row.number, issues, column, text, read_path) if text else ""
                    )
                case Field.TAGS:
                    product.tags = self._take(row.number, issues, column, text, cells.parse_names)
                case Field.COLLECTIONS:
                    product.collections = self._take(
                        row.number, issues, column, text, cells.parse_names
                    )

    def _take(
        self,
        number: int,
        issues: list[Issue],
        column: Column,
        text: str,
        read: Callable[[str], T],
    ) -> T | None:
        try:
            return read(text)
        except CellError as error:
            issues.append(_problem(number, column, text, error))
            return None


def product_digest(plan: HeaderPlan, product_cells: Sequence[str]) -> bytes:
    joined = "\x1f".join(product_cells).encode()
    return blake2b(joined, digest_size=16, key=plan.product_digest_key).digest()


def _read_name(text: str) -> str:
    return cells.parse_name(text, longest=500)


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
