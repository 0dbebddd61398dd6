"""From rows of cells to drafts of variants and products, with every issue of each row at once."""

from collections.abc import Mapping, Sequence
from functools import partial
from hashlib import blake2b
from typing import Any, NamedTuple

from bulk_uploads.models import Level
from bulk_uploads.processors import Issue
from bulk_uploads.spool import SpoolRow
from catalog.file_format import cells, gtin
from catalog.file_format.cells import CellError
from catalog.file_format.columns import Column, Field
from catalog.importing.column_reading import (
    ColumnReader,
    ListColumn,
    ReadCell,
    RepeatingColumn,
    UrlColumn,
)
from catalog.importing.header_plan import HeaderPlan
from catalog.importing.rows import FileRow, ReadRow
from catalog.writing.definitions import ColumnIds
from catalog.writing.drafts import ProductDraft, VariantDraft

_LONGEST_ATTRIBUTE = 1_000
_PRODUCT_READERS: dict[Field, ReadCell] = {
    Field.NAME: cells.parse_product_name,
    Field.PRODUCT_KEY: cells.parse_product_key,
    Field.CATEGORY: cells.parse_category_path,
    Field.TAGS: cells.parse_names,
    Field.COLLECTIONS: cells.parse_names,
}
#: Product columns that a blank cell can clear, and what it leaves. Name and key stay.
_CLEARED: dict[Field, Any] = {Field.CATEGORY: "", Field.TAGS: [], Field.COLLECTIONS: []}
_DRAFT_NAMES = {
    Field.NAME: "name",
    Field.PRODUCT_KEY: "key",
    Field.CATEGORY: "category",
    Field.TAGS: "tags",
    Field.COLLECTIONS: "collections",
}


class _Cells(NamedTuple):
    """A column of the file, what reads it, and what its values are called in a draft.

    `blank` is what a blank cell leaves where blanks clear; `clears` whether it does at all.
    """

    column: Column
    reader: ColumnReader
    key: Any
    blank: Any
    clears: bool = True


class _Problems:
    """Issues by row of one reading, each with the place of its column."""

    def __init__(self, rows: Sequence[FileRow]) -> None:
        self._rows = rows
        self._found: dict[int, list[tuple[int, Issue]]] = {}

    def add(self, place: int, column: Column, text: str, error: CellError) -> None:
        issue = _problem(self._rows[place].number, column, text, error)
        self._found.setdefault(place, []).append((column.index, issue))

    def of(self, place: int) -> list[Issue]:
        found = self._found.get(place)
        if found is None:
            return []
        return [issue for _, issue in sorted(found, key=lambda pair: pair[0])]


class RowReader:
    """Reads rows of one plan. Needs `bind` before `read`, because drafts name definitions by id."""

    def __init__(self, plan: HeaderPlan) -> None:
        self._plan = plan
        self._values = [
            _Cells(value.column, value.reader, value.name, value.blank, value.clears)
            for value in plan.values
        ]
        self._product = [
            _Cells(
                column,
                RepeatingColumn(_PRODUCT_READERS[column.field]),
                _DRAFT_NAMES[column.field],
                _CLEARED.get(column.field),
                clears=column.field in _CLEARED,
            )
            for column in plan.product_columns
            if column.field is not None
        ]
        self._attributes: list[_Cells] = []
        self._tables: dict[str, list[_Cells]] = {}
        self._lists: list[_Cells] = []
        self._media: list[_Cells] = []

    def bind(self, ids: Mapping[int, ColumnIds], media_paths: int) -> None:
        plan = self._plan

        def key(column: Column) -> str:
            return str(ids[column.index].definition)

        texts = RepeatingColumn(partial(cells.parse_text, longest=_LONGEST_ATTRIBUTE))
        values = RepeatingColumn(cells.parse_items)
        self._attributes = [_Cells(c, texts, key(c), None) for c in plan.attributes]
        self._tables = {}
        for column in plan.tables:
            entry = _Cells(column, values, str(ids[column.index].entry), None)
            self._tables.setdefault(key(column), []).append(entry)
        self._lists = [_Cells(c, ListColumn(), key(c), None) for c in plan.lists]
        self._media = [_Cells(c, UrlColumn(), ids[c.index].definition, []) for c in plan.galleries]
        if plan.media:
            self._media.append(_Cells(plan.media, UrlColumn(), media_paths, []))

    def glance(self, sources: Sequence[SpoolRow]) -> list[FileRow]:
        """Keys, digests and product columns: enough to see which rows change nothing."""
        plan = self._plan
        key = plan.digest_key
        sku = plan.sku.index if plan.sku else None
        product = [column.index for column in plan.product_columns]
        rows = []
        for source in sources:
            texts = source.cells()
            rows.append(
                FileRow(
                    source,
                    texts,
                    blake2b(source.cells_json, digest_size=16, key=key).digest(),
                    texts[sku].strip() if sku is not None else "",
                    tuple([texts[place].strip() for place in product]),
                )
            )
        if plan.eans:
            for row in rows:
                self._glance_at_eans(row)
        return rows

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

    def read(self, rows: Sequence[FileRow]) -> None:
        """Fill `read` of each row. Raises nothing: what cannot be taken is an issue of its row.

        Column by column, because a column of a file is mostly of one kind, and whole columns
        are recognised many times faster than cells.
        """
        if not rows:
            return
        problems = _Problems(rows)
        columns = [
            list(map(str.strip, texts)) for texts in zip(*[r.cells for r in rows], strict=False)
        ]
        values = self._read_into_dicts(columns, self._values, len(rows), problems)
        attributes = self._read_into_dicts(columns, self._attributes, len(rows), problems)
        lists = self._read_into_dicts(columns, self._lists, len(rows), problems)
        media = self._read_into_dicts(columns, self._media, len(rows), problems)
        tables = self._read_tables(columns, len(rows), problems)
        products = self._read_into_dicts(columns, self._product, len(rows), problems)
        for place, row in enumerate(rows):
            draft = VariantDraft(
                row.sku,
                values[place],
                attributes[place],
                tables[place],
                lists[place],
                media[place],
                None,
                row.number,
            )
            issues = self._read_keys(row, draft) + problems.of(place)
            if not issues:
                # Only a row without a word to say again may be recognised by its digest.
                draft.digest = row.digest
            product = ProductDraft("", row=row.number)
            for name, value in products[place].items():
                setattr(product, name, value)
            row.read = ReadRow(draft, product, issues)

    def _read_into_dicts(
        self,
        columns: Sequence[Sequence[str]],
        wanted: Sequence[_Cells],
        count: int,
        problems: _Problems,
    ) -> list[dict[Any, Any]]:
        """For each row, what the wanted columns say: blanks are left out, unless they clear."""
        whole: list[tuple[Any, Sequence[Any]]] = []
        partly: list[tuple[_Cells, Sequence[str], Sequence[Any]]] = []
        for cell in wanted:
            texts = columns[cell.column.index]
            values = self._read_column(cell, texts, problems)
            if "" in texts or None in values:
                partly.append((cell, texts, values))
            else:
                whole.append((cell.key, values))
        names = [name for name, _ in whole]
        if whole:
            found = [
                dict(zip(names, row, strict=True))
                for row in zip(*[read for _, read in whole], strict=True)
            ]
        else:
            found = [{} for _ in range(count)]
        clear = self._plan.options.clear_blanks
        for cell, its_texts, its_values in partly:
            name, blank, clears = cell.key, cell.blank, clear and cell.clears
            for said, text, value in zip(found, its_texts, its_values, strict=True):
                if text:
                    said[name] = value
                elif clears:
                    said[name] = blank
        return found

    def _read_column(
        self, cell: _Cells, texts: Sequence[str], problems: _Problems
    ) -> Sequence[Any]:
        try:
            return cell.reader.read(texts)
        except CellError:
            pass
        values: list[Any] = []
        for place, text in enumerate(texts):
            try:
                values.append(cell.reader.read_cell(text))
            except CellError as error:
                values.append(None)
                problems.add(place, cell.column, text, error)
        return values

    def _read_tables(
        self, columns: Sequence[Sequence[str]], count: int, problems: _Problems
    ) -> list[dict[str, dict[str, list[str] | None]]]:
        found: list[dict[str, dict[str, list[str] | None]]] = [{} for _ in range(count)]
        for set_key, entries in self._tables.items():
            read = self._read_into_dicts(columns, entries, count, problems)
            for tables, table in zip(found, read, strict=True):
                if table:
                    tables[set_key] = table
        return found

    def _read_keys(self, row: FileRow, draft: VariantDraft) -> list[Issue]:
        issues = list(row.key_issues or ())
        sku = self._plan.sku
        if sku is not None and row.sku and not (row.sku.isprintable() and len(row.sku) <= 200):
            try:
                cells.parse_sku(row.sku)
            except CellError as error:
                issues.append(_problem(row.number, sku, row.sku, error))
        if self._plan.eans:
            clears = self._plan.options.clear_blanks and row.sku and not row.key_issues
            if row.ean or clears:
                draft.values["ean"] = row.ean
                draft.values["gtin"] = row.gtin
        return issues


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
