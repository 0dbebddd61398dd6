"""From a header row to columns, or to everything that is wrong with it in one answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from catalog.file_format.column_names import column_named, hint
from catalog.file_format.columns import Column, Field, HeaderProblem, Kind
from catalog.file_format.mapping import LEAVE_OUT, mapped_columns


@dataclass(frozen=True, slots=True)
class Header:
    columns: tuple[Column, ...]
    problems: tuple[HeaderProblem, ...]

    @property
    def ignored(self) -> tuple[str, ...]:
        return tuple(column.header for column in self.columns if column.kind is Kind.IGNORED)

    @property
    def is_usable(self) -> bool:
        return not any(problem.fatal for problem in self.problems)


def parse_header(
    cells: Sequence[str],
    mapping: Mapping[str, str] | None = None,
    *,
    sources: Sequence[str] | None = None,
    columns_may_miss: bool = False,
) -> Header:
    """`mapping` sends columns of the file to field keys or canonical headers, or leaves them out.

    `sources` are the uploader's own names of the columns, where `cells` are not. With
    `columns_may_miss` a mapped column that the file lacks is only warned of.
    """
    names = [cell.strip() for cell in cells]
    targets, problems = mapped_columns(names, mapping or {}, columns_may_miss=columns_may_miss)
    columns = [
        _column(index, name, targets.get(index), sources[index] if sources else None)
        for index, name in enumerate(names)
    ]
    problems += [
        _ignored(column)
        for column in columns
        if column.kind is Kind.IGNORED and column.index not in targets
    ]
    problems += _repeated(columns)
    problems += _missing_key(columns)
    return Header(columns=tuple(columns), problems=tuple(problems))


def _column(index: int, name: str, target: str | None, source: str | None) -> Column:
    if target == LEAVE_OUT:
        return Column(index=index, header=name, kind=Kind.IGNORED)
    if target is not None:
        return replace(column_named(index, name, target), mapped_to=target)
    if source is not None:
        return replace(column_named(index, source, name), mapped_to=name)
    return column_named(index, name, name)


def _ignored(column: Column) -> HeaderProblem:
    if not column.header:
        message = f"Column {column.index + 1} has no header, so it is left out."
        return HeaderProblem("ignored_header", "", message, fatal=False)
    return HeaderProblem(
        "ignored_header",
        column.header,
        f"Column {column.header!r} is not known, so it is left out.{hint(column.header)}",
        fatal=False,
    )


def _repeated(columns: Sequence[Column]) -> list[HeaderProblem]:
    first: dict[tuple[str, ...], Column] = {}
    problems = []
    for column in columns:
        if column.kind is Kind.IGNORED:
            continue
        earlier = first.setdefault(column.identity, column)
        if earlier is not column:
            problems.append(
                HeaderProblem(
                    "repeated_header",
                    column.header,
                    f"Columns {earlier.index + 1} ({earlier.header!r}) and {column.index + 1} "
                    f"({column.header!r}) are the same; keep one of them.",
                    fatal=True,
                )
            )
    return problems


def _missing_key(columns: Sequence[Column]) -> list[HeaderProblem]:
    if any(column.field in (Field.SKU, Field.EAN) for column in columns):
        return []
    found = ", ".join(repr(column.header) for column in columns[:40] if column.header)
    return [
        HeaderProblem(
            "missing_key_column",
            "SKU",
            "No column identifies the variants: a 'SKU' or an 'EAN' column is needed. "
            f"Found: {found or 'no headers at all'}. If one of them is it, map it to sku or ean.",
            fatal=True,
        )
    ]
