"""From rows of cells to drafts of variants and products, with every issue of each row at once."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from itertools import repeat
from typing import Any

import orjson

from bulk_uploads.models import Level
from bulk_uploads.processors import Issue
from bulk_uploads.spool import SpoolRow
from catalog.file_format import cells, gtin
from catalog.file_format.cells import SAYS_NOTHING, CellError
from catalog.file_format.columns import Column, Field
from catalog.importing.column_reading import ListColumn, ReadCell, RepeatingColumn, UrlColumn
from catalog.importing.header_plan import HeaderPlan
from catalog.importing.reading import ColumnRole, ReadColumn, Reading, fragment
from catalog.importing.rows import FileRow, ReadRow
from catalog.reading.published_media import without_published
from catalog.writing.definitions import ColumnIds

_LONGEST_ATTRIBUTE = 1_000
_BLANK = ("", SAYS_NOTHING)
_PRODUCT_READERS: dict[Field, ReadCell] = {
    Field.NAME: cells.parse_product_name,
    Field.PRODUCT_KEY: cells.parse_product_key,
    Field.CATEGORY: cells.parse_category_path,
    Field.TAGS: cells.parse_names,
    Field.COLLECTIONS: cells.parse_names,
}
#: Product columns that a blank cell can clear, and what it leaves. Name and key stay.
_CLEARED: dict[Field, Any] = {Field.CATEGORY: "", Field.TAGS: [], Field.COLLECTIONS: []}


class _Problems:
    """Issues by row of one reading, in the order of the columns."""

    def __init__(self, rows: Sequence[FileRow], columns: Sequence[Column]) -> None:
        self._rows = rows
        self._columns = columns
        self._found: dict[int, list[tuple[int, Issue]]] = {}

    def add(self, place: int, index: int, text: str, error: CellError) -> None:
        issue = _problem(self._rows[place].number, self._columns[index], text, error)
        self._found.setdefault(place, []).append((index, issue))

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
            ColumnRole(value.column.index, value.reader, value.name, value.blank, value.clears)
            for value in plan.values
        ]
        self._product = {
            column.field: ColumnRole(
                column.index,
                RepeatingColumn(_PRODUCT_READERS[column.field]),
                column.field,
                _CLEARED.get(column.field),
                clears=column.field in _CLEARED,
            )
            for column in plan.product_columns
            if column.field is not None
        }
        self._attributes: list[ColumnRole] = []
        self._tables: dict[str, list[ColumnRole]] = {}
        self._lists: list[ColumnRole] = []
        self._media: list[ColumnRole] = []

    def bind(self, ids: Mapping[int, ColumnIds]) -> None:
        plan = self._plan

        def key(column: Column) -> str:
            return str(ids[column.index].definition)

        texts = RepeatingColumn(partial(cells.parse_text, longest=_LONGEST_ATTRIBUTE))
        items = RepeatingColumn(cells.parse_items)
        self._attributes = [_documented(c, texts, key(c)) for c in plan.attributes]
        self._tables = {}
        for column in plan.tables:
            entry = _documented(column, items, str(ids[column.index].entry))
            self._tables.setdefault(key(column), []).append(entry)
        self._lists = [ColumnRole(c.index, ListColumn(), key(c), None) for c in plan.lists]
        self._media = [
            ColumnRole(c.index, UrlColumn(), ids[c.index].definition, []) for c in plan.galleries
        ]

    def glance(self, sources: Sequence[SpoolRow]) -> list[FileRow]:
        """Keys, digests and product columns: enough to see which rows change nothing."""
        plan = self._plan
        # One document of all rows is read faster than one of each.
        cells_of_rows = [source.cells_json for source in sources]
        texts: list[list[str]] = orjson.loads(b"[" + b",".join(cells_of_rows) + b"]")
        digests = list(map(plan.row_digest, cells_of_rows))
        skus: Iterable[str] = repeat("")
        if plan.sku is not None:
            place = plan.sku.index
            skus = [row[place].strip() for row in texts]
        products: Iterable[tuple[str, ...]] = repeat(())
        if plan.product_columns:
            places = [column.index for column in plan.product_columns]
            products = zip(*[[row[at].strip() for row in texts] for at in places], strict=True)
        rows = list(map(FileRow, sources, texts, digests, skus, products))
        if plan.eans:
            for row in rows:
                self._glance_at_eans(row)
        return rows

    def _glance_at_eans(self, row: FileRow) -> None:
        """The first EAN column that is not blank wins; another that disagrees is warned of."""
        given = [(column, row.cells[column.index].strip()) for column in self._plan.eans]
        given = [(column, text) for column, text in given if text not in _BLANK]
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
        plan, problems = self._plan, _Problems(rows, self._plan.columns)
        texts = [
            list(map(str.strip, cells)) for cells in zip(*[r.cells for r in rows], strict=False)
        ]
        silent = _silenced(texts) if plan.options.clear_blanks else frozenset()
        if (mark := plan.options.published_mark) and plan.media_paths is not None:
            place = plan.media_paths.index
            texts[place] = without_published(texts[place], mark)

        def columns(roles: Iterable[ColumnRole]) -> list[ReadColumn]:
            return [_read_column(role, texts[role.index], problems) for role in roles]

        reading = Reading(
            numbers=[row.number for row in rows],
            clear=plan.options.clear_blanks,
            silent=silent,
            values=columns(self._values),
            attributes=columns(self._attributes),
            tables={key: columns(roles) for key, roles in self._tables.items()},
            lists=columns(self._lists),
            media=columns(self._media),
            product=dict(zip(self._product, columns(self._product.values()), strict=True)),
        )
        self._fill(rows, reading, problems)

    def _fill(self, rows: Sequence[FileRow], reading: Reading, problems: _Problems) -> None:
        eans, clear = [column.index for column in self._plan.eans], reading.clear
        for place, row in enumerate(rows):
            issues = problems.of(place)
            if row.key_issues or not row.sku.isprintable() or len(row.sku) > cells.LONGEST_SKU:
                issues = self._key_issues(row) + issues
            clears_gtin = (
                clear and row.sku and not any((place, at) in reading.silent for at in eans)
            )
            sets_gtin = bool(eans and (row.ean or clears_gtin))
            # Only a row without a word to say again may be recognised by its digest.
            digest = None if issues else row.digest
            row.read = ReadRow(
                reading, place, row.sku, issues, digest, sets_gtin, row.ean, row.gtin
            )

    def _key_issues(self, row: FileRow) -> list[Issue]:
        issues = list(row.key_issues or ())
        if self._plan.sku is not None:
            try:
                cells.parse_sku(row.sku)
            except CellError as error:
                issues.append(_problem(row.number, self._plan.sku, row.sku, error))
        return issues


def _silenced(columns: Sequence[list[str]]) -> frozenset[tuple[int, int]]:
    """Place and column of the cells that say nothing, which are made blank."""
    found = set()
    for index, texts in enumerate(columns):
        if SAYS_NOTHING in texts:
            for place, text in enumerate(texts):
                if text == SAYS_NOTHING:
                    texts[place] = ""
                    found.add((place, index))
    return frozenset(found)


def _documented(column: Column, reader: RepeatingColumn, key: str) -> ColumnRole:
    """A column whose cells become entries of a JSON document."""
    fragments = RepeatingColumn(lambda text: fragment(key, reader.read_cell(text)))
    return ColumnRole(column.index, reader, key, None, fragments=fragments)


def _read_column(role: ColumnRole, texts: Sequence[str], problems: "_Problems") -> ReadColumn:
    try:
        return ReadColumn(role, texts, role.reader.read(texts))
    except CellError:
        pass
    values: list[Any] = []
    for place, text in enumerate(texts):
        try:
            values.append(role.reader.read_cell(text))
        except CellError as error:
            values.append("")
            problems.add(place, role.index, text, error)
    return ReadColumn(role, texts, values)


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
