"""What a table must be in any format: a header that names columns, and rows within the limits."""

from collections.abc import Sequence

from bulk_uploads.readers.base import Defect, RawRow, ReadLimits, UnreadableCode, UnreadableFile
from bulk_uploads.readers.cells import examine_cells, plain_header


def header_row(
    number: int, cells: list[str], *, limits: ReadLimits, defects: Sequence[Defect] = ()
) -> RawRow:
    """The header of a table from its cells. Raises UnreadableFile where it is of no use.

    `defects` are those that the reader has found in its cells already.
    """
    names, found = examine_cells(cells, max_chars=limits.max_cell_chars)
    damage = [*defects, *found]
    if damage:
        where = f"header (row {number:,}, column {damage[0].column})"
        raise UnreadableFile(
            UnreadableCode.BAD_HEADER, f"The {where} is damaged: {damage[0].message}"
        )
    header = RawRow(number, _without_unnamed_end([plain_header(name) for name in names]))
    if not header.cells:
        raise UnreadableFile(
            UnreadableCode.NO_HEADER,
            f"Row {number:,} should be the header, but names no column.",
        )
    if len(header.cells) > limits.max_columns:
        raise too_many_columns(len(header.cells), limits)
    return header


def _without_unnamed_end(names: list[str]) -> list[str]:
    """The header without the unnamed columns at its end, which spreadsheets like to leave."""
    while names and not names[-1]:
        names.pop()
    return names


def data_row(
    number: int, cells: list[str], *, limits: ReadLimits, defects: Sequence[Defect] = ()
) -> RawRow:
    """A row that is as wide as its table, examined. `defects` are those found in it already.

    Raises UnreadableFile for a row that is too long to be held many times over.
    """
    chars = sum(map(len, cells))
    if chars > limits.max_row_chars:
        raise row_too_long(number, limits)
    # Printable text holds no control character, no line break and no lone surrogate.
    if chars <= limits.max_cell_chars and "".join(cells).isprintable():
        return RawRow(number, cells, list(defects))
    cells, found = examine_cells(cells, max_chars=limits.max_cell_chars)
    return RawRow(number, cells, [*defects, *found])


def row_too_long(number: int, limits: ReadLimits) -> UnreadableFile:
    return UnreadableFile(
        UnreadableCode.ROW_TOO_LONG,
        f"Row {number:,} holds more than {limits.max_row_chars:,} characters.",
    )


def too_many_columns(found: int, limits: ReadLimits) -> UnreadableFile:
    return UnreadableFile(
        UnreadableCode.TOO_MANY_COLUMNS,
        f"The header names {found:,} columns; at most {limits.max_columns:,} are allowed.",
    )


def too_many_rows(limits: ReadLimits) -> UnreadableFile:
    return UnreadableFile(
        UnreadableCode.TOO_MANY_ROWS,
        f"The file holds more than {limits.max_rows:,} rows. Split it.",
    )
