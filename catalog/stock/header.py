"""From a stock file's header to columns: one quantity a row, or one column for each location."""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bulk_uploads.column_targets import LEAVE_OUT
from catalog.file_format.cells import CellError
from catalog.file_format.columns import FIELD_BY_HEADER, HeaderProblem, squeeze
from catalog.stock.known_headers import ALIASES, DESCRIPTIVE, Role, role_of
from catalog.stock.location_names import LocationName, parse_location
from catalog.stock.mapping import mapped_columns

#: Columns of a wide file that may be locations: a batch of rows holds as many levels each.
MOST_LOCATIONS = 100
_KNOWN = ("SKU", "EAN", "Location", "Quantity", "Mode")


@dataclass(frozen=True, slots=True)
class QuantityColumn:
    """`location` is the one that a wide file's column stands for; None: the row's own."""

    index: int
    header: str
    location: LocationName | None = None


@dataclass(slots=True)
class StockHeader:
    """Where what stands; `cells` are the headers as the file has them."""

    cells: tuple[str, ...]
    places: dict[Role, int] = field(default_factory=dict)
    eans: list[int] = field(default_factory=list)
    quantities: list[QuantityColumn] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    problems: list[HeaderProblem] = field(default_factory=list)

    @property
    def is_usable(self) -> bool:
        return not any(problem.fatal for problem in self.problems)

    @property
    def is_wide(self) -> bool:
        return any(column.location is not None for column in self.quantities)

    def header_of(self, role: Role) -> str:
        place = self.places.get(role)
        return self.cells[place] if place is not None else ""


def parse_stock_header(
    cells: Sequence[str],
    mapping: Mapping[str, str] | None = None,
    *,
    columns_may_miss: bool = False,
) -> StockHeader:
    """`mapping` renames columns of the file to the values of `Role`, or leaves them out."""
    header = StockHeader(tuple(cell.strip() for cell in cells))
    targets, problems = mapped_columns(
        header.cells, mapping or {}, columns_may_miss=columns_may_miss
    )
    header.problems += problems
    meanings = [squeeze(targets.get(place, cell)) for place, cell in enumerate(header.cells)]
    dropped = {place for place, target in targets.items() if target == LEAVE_OUT}
    header.ignored += [header.cells[place] for place in sorted(dropped)]
    left = [place for place in _take_roles(header, meanings) if place not in dropped]
    _take_quantities(header, meanings, left)
    header.problems += _missing(header)
    return header


def _take_roles(header: StockHeader, meanings: Sequence[str]) -> Iterator[int]:
    """Fill `places` and `eans`; yield the columns that are none of them."""
    for index, meaning in enumerate(meanings):
        role = role_of(meaning)
        if role is Role.EAN:
            header.eans.append(index)
        elif role is None or role is Role.QUANTITY:
            yield index
        elif role in header.places:
            header.problems.append(_twice(header, header.places[role], index))
        else:
            header.places[role] = index


def _take_quantities(header: StockHeader, meanings: Sequence[str], left: Sequence[int]) -> None:
    preference = ALIASES[Role.QUANTITY]
    candidates = sorted(
        (preference.index(meanings[index]), index)
        for index in left
        if meanings[index] in preference
    )
    if candidates:
        _take_long(header, meanings, left, [index for _, index in candidates])
    elif Role.LOCATION not in header.places:
        _take_wide(header, meanings, left)
    else:
        _ignore(header, meanings, left)


def _take_long(
    header: StockHeader, meanings: Sequence[str], left: Sequence[int], found: Sequence[int]
) -> None:
    taken, *others = found
    header.quantities.append(QuantityColumn(taken, header.cells[taken]))
    for index in others:
        if meanings[index] == meanings[taken]:
            header.problems.append(_twice(header, taken, index))
            continue
        name, chosen = header.cells[index], header.cells[taken]
        text = f"Column {name!r} is left out: quantities are taken from {chosen!r}."
        header.ignored.append(name)
        header.problems.append(HeaderProblem("ignored_header", name, text, fatal=False))
    _ignore(header, meanings, [index for index in left if index not in found])


def _take_wide(header: StockHeader, meanings: Sequence[str], left: Sequence[int]) -> None:
    """Whatever is nothing else is a location; its cells say how much lies there."""
    seen: dict[str, int] = {}
    for index in left:
        name = header.cells[index]
        if not name or meanings[index] in DESCRIPTIVE or meanings[index] in FIELD_BY_HEADER:
            _ignore(header, meanings, [index])
            continue
        try:
            location = parse_location(name)
        except CellError as error:
            header.problems.append(HeaderProblem(error.code, name, error.message, fatal=True))
            continue
        if location.key in seen:
            header.problems.append(_twice(header, seen[location.key], index))
            continue
        seen[location.key] = index
        header.quantities.append(QuantityColumn(index, name, location))
    if len(header.quantities) > MOST_LOCATIONS:
        text = (
            f"{len(header.quantities)} columns would be locations; at most {MOST_LOCATIONS} "
            "can be. Write one row a location, with the columns 'SKU', 'Location' and 'Quantity'."
        )
        header.problems.append(HeaderProblem("too_many_locations", "", text, fatal=True))


def _ignore(header: StockHeader, meanings: Sequence[str], indexes: Sequence[int]) -> None:
    for index in indexes:
        name = header.cells[index]
        header.ignored.append(name)
        if meanings[index] in DESCRIPTIVE:
            continue
        text = f"Column {name!r} is not known, so it is left out.{_hint(name)}"
        if not name:
            text = f"Column {index + 1} has no header, so it is left out."
        header.problems.append(HeaderProblem("ignored_header", name, text, fatal=False))


def _hint(name: str) -> str:
    by_squeezed = {squeeze(known): known for known in _KNOWN}
    near = difflib.get_close_matches(squeeze(name), by_squeezed, n=1, cutoff=0.6)
    return f" Did you mean {by_squeezed[near[0]]!r}?" if near else ""


def _twice(header: StockHeader, first: int, second: int) -> HeaderProblem:
    text = (
        f"Columns {first + 1} ({header.cells[first]!r}) and {second + 1} "
        f"({header.cells[second]!r}) are the same; keep one of them."
    )
    return HeaderProblem("repeated_header", header.cells[second], text, fatal=True)


def _missing(header: StockHeader) -> Iterator[HeaderProblem]:
    found = ", ".join(repr(cell) for cell in header.cells[:40] if cell) or "no headers at all"
    if Role.SKU not in header.places and not header.eans:
        text = (
            "No column identifies the variants: a 'SKU' or an 'EAN' column is needed. "
            f"Found: {found}."
        )
        yield HeaderProblem("missing_key_column", "SKU", text, fatal=True)
    if not header.quantities:
        text = (
            "No column says how much there is: a 'Quantity' column is needed, or one column for "
            f"each location. Found: {found}."
        )
        yield HeaderProblem("missing_quantity_column", "Quantity", text, fatal=True)
