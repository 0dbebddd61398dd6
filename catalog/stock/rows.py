"""What a stock file's rows say, read before the database is asked anything."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from bulk_uploads.models import Level
from bulk_uploads.processors import Issue
from bulk_uploads.spool import SpoolRow
from catalog.file_format.cells import CellError, NumberFormat, parse_sku
from catalog.file_format.gtin import is_gtin, padded
from catalog.models import MovementKind
from catalog.stock.header import QuantityColumn, StockHeader
from catalog.stock.known_headers import Role
from catalog.stock.location_names import LocationName, parse_location
from catalog.stock.quantities import is_not_stocked, parse_quantity

_MODES = {"set": MovementKind.SET, "adjust": MovementKind.ADJUST}


@dataclass(frozen=True, slots=True)
class StatedQuantity:
    """`location` None is the account's default one."""

    column: str
    text: str
    quantity: str
    location: LocationName | None


@dataclass(slots=True)
class StockRow:
    """`gtin` is the EAN's 14-digit form, only where the EAN is the key. `is_placed`: its location
    could be read, so that the row has a key, whatever else is wrong with it."""

    source: SpoolRow
    sku: str = ""
    ean: str = ""
    gtin: str = ""
    kind: MovementKind = MovementKind.SET
    location: LocationName | None = None
    is_placed: bool = True
    quantities: list[StatedQuantity] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)

    @property
    def number(self) -> int:
        return self.source.number

    def add(
        self, column: str, value: str, code: str, message: str, level: Level = Level.ERROR
    ) -> None:
        self.issues.append(Issue(self.number, column, value, level, code, message))


class StockReader:
    """Reads rows of one header."""

    def __init__(self, header: StockHeader, *, kind: MovementKind, numbers: NumberFormat) -> None:
        self._header = header
        self._kind = kind
        self._numbers = numbers

    def read(self, sources: Sequence[SpoolRow]) -> list[StockRow]:
        return [self._row(source) for source in sources]

    def _row(self, source: SpoolRow) -> StockRow:
        row = StockRow(source, kind=self._kind)
        if source.defects:
            return row
        cells = [cell.strip() for cell in source.cells()]
        self._read_key(row, cells)
        self._read_location(row, self._cell(cells, Role.LOCATION))
        self._read_mode(row, self._cell(cells, Role.MODE))
        for column in self._header.quantities:
            self._read_quantity(row, column, cells[column.index])
        self._look_at_status(row, self._cell(cells, Role.STATUS))
        return row

    def _cell(self, cells: Sequence[str], role: Role) -> str:
        place = self._header.places.get(role)
        return cells[place] if place is not None else ""

    def _read_key(self, row: StockRow, cells: Sequence[str]) -> None:
        sku = self._cell(cells, Role.SKU)
        if sku:
            try:
                row.sku = parse_sku(sku)
            except CellError as error:
                row.add(self._header.header_of(Role.SKU), sku, error.code, error.message)
            return
        place = next((place for place in self._header.eans if cells[place]), None)
        if place is None:
            self._note_missing_key(row)
            return
        row.ean = cells[place]
        if is_gtin(row.ean):
            row.gtin = padded(row.ean)
        else:
            text = (
                f"{row.ean[:200]!r} is no EAN: expected 8, 12, 13 or 14 digits, the last of them "
                "the check digit."
            )
            row.add(self._header.cells[place], row.ean, "invalid_ean", text)

    def _note_missing_key(self, row: StockRow) -> None:
        names = [self._header.header_of(Role.SKU)]
        names += [self._header.cells[place] for place in self._header.eans]
        named = [name for name in names if name]
        text = f"The row has no {' or '.join(named)}; it needs one."
        row.add(named[0], "", "missing_key", text)

    def _read_location(self, row: StockRow, text: str) -> None:
        if not text:
            return
        try:
            row.location = parse_location(text)
        except CellError as error:
            row.is_placed = False
            row.add(self._header.header_of(Role.LOCATION), text, error.code, error.message)

    def _read_mode(self, row: StockRow, text: str) -> None:
        if not text:
            return
        kind = _MODES.get(text.casefold())
        if kind is None:
            message = f"{text[:200]!r} is no mode. Expected 'set' or 'adjust'."
            row.add(self._header.header_of(Role.MODE), text, "invalid_mode", message)
        else:
            row.kind = kind

    def _read_quantity(self, row: StockRow, column: QuantityColumn, text: str) -> None:
        if not text:
            if column.location is None:
                message = "The row says no quantity. Enter one, 0 for none, or leave the row out."
                row.add(column.header, "", "missing_quantity", message)
            return
        if is_not_stocked(text):
            return
        try:
            quantity = parse_quantity(text, numbers=self._numbers)
        except CellError as error:
            row.add(column.header, text, error.code, error.message)
            return
        location = column.location or row.location
        row.quantities.append(StatedQuantity(column.header, text, quantity, location))

    def _look_at_status(self, row: StockRow, text: str) -> None:
        """Magento's own switch beside the quantity, which a level has no place for."""
        if text == "0" and any(stated.quantity != "0" for stated in row.quantities):
            message = "The source says 'out of stock' beside a quantity; the quantity is taken."
            column = self._header.header_of(Role.STATUS)
            row.add(column, text, "status_left_out", message, Level.WARNING)
