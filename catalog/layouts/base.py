"""What the layouts have in common: the rows they make, their columns, and what they remember."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from bulk_uploads.layouts import LaidOutColumn, LayoutNote
from bulk_uploads.readers.base import Defect, DefectCode, RawRow, UnreadableCode, UnreadableFile
from catalog.file_format.cells import SAYS_NOTHING, NumberFormat, has_control, looks_scientific
from catalog.file_format.column_names import MAX_NAME
from catalog.file_format.columns import CANONICAL_HEADERS, SEPARATOR, Field, squeeze
from catalog.layouts.cell_texts import as_list, is_web_address
from catalog.layouts.file_columns import FileColumns

#: Characters of other rows that a layout remembers; some 100 MiB of memory at the most.
MOST_REMEMBERED: Final = 50_000_000
_MOST_INVENTED: Final = 300
_NAMED_IN_NOTE: Final = 40
_DETAILS: Final = "details"

Cells = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class LayoutContext:
    """What of the account, the options and the hour bears on how a foreign cell is read.

    `now`, in UTC, is the same for all rows of a file. `clears_blanks`: a blank cell empties.
    """

    numbers: NumberFormat
    now: datetime
    clears_blanks: bool = False


class Memory:
    """Counts what a layout keeps of a file, and refuses a file of which it would be too much."""

    def __init__(self, most: int = MOST_REMEMBERED) -> None:
        self._left = most

    def keep(self, *texts: str) -> None:
        """Raises UnreadableFile."""
        self._left -= 100 + sum(map(len, texts))
        if self._left < 0:
            raise UnreadableFile(
                UnreadableCode.LAYOUT_TOO_LARGE,
                "The file describes more parent products than can be held at once. Split it into "
                "parts, or upload it with a mapping of its columns.",
            )


class MadeColumns:
    """The canonical columns that a file's rows are laid out in, in the order they were asked for.

    Each has the file's own column beside it, which issues name.
    """

    def __init__(self) -> None:
        self._sources: dict[str, str] = {}
        self._spellings: dict[tuple[str, str], str] = {}

    def field(self, field: Field, source: str) -> None:
        """Nothing, where the file has no such column."""
        if source:
            self._sources.setdefault(CANONICAL_HEADERS[field], source)

    def attribute(self, name: str, source: str) -> str:
        """The header of a variant attribute; two spellings of a name are one column."""
        return self._invented("Variant", name, source)

    def detail(self, name: str, source: str) -> str:
        """The header of an entry in the property set table that holds what is no attribute."""
        return self._invented(f"Property Set Table {SEPARATOR} {_DETAILS}", name, source)

    def own(self, header: str) -> str:
        """A column that the file names as the catalog file does."""
        self._sources.setdefault(header, header)
        return header

    def _invented(self, start: str, name: str, source: str) -> str:
        plain = one_line(name)
        header = self._spellings.setdefault((start, squeeze(plain)), f"{start} {SEPARATOR} {plain}")
        self._sources.setdefault(header, source)
        if len(self._spellings) > _MOST_INVENTED:
            raise UnreadableFile(
                UnreadableCode.LAYOUT_TOO_LARGE,
                f"The file names more than {_MOST_INVENTED} attributes. Upload it with a mapping "
                "of its columns.",
            )
        return header

    def columns(self) -> list[LaidOutColumn]:
        return [LaidOutColumn(header, source) for header, source in self._sources.items()]

    def cells(self, values: Cells, *, clears_blanks: bool = False) -> list[str]:
        cells = [values.get(header, "") for header in self._sources]
        if clears_blanks or SAYS_NOTHING not in cells:
            return cells
        return ["" if cell == SAYS_NOTHING else cell for cell in cells]


def one_line(name: str) -> str:
    """A name of an attribute as a header can hold it; such as `size` for `size `."""
    plain = " ".join(name.replace(SEPARATOR, " ").split())
    return "".join(char for char in plain if not has_control(char))[:MAX_NAME].strip() or "unnamed"


@dataclass(slots=True)
class RowDraft:
    """One row in the making: values by canonical header, and what is to be said of it."""

    source: RawRow
    values: dict[str, str] = field(default_factory=dict)
    defects: list[Defect] = field(default_factory=list)
    remarks: list[Defect] = field(default_factory=list)

    def put(self, field: Field, text: str) -> None:
        self.values[CANONICAL_HEADERS[field]] = text

    def put_nothing(self, field: Field) -> None:
        """What is stored of this field stays, also where blank cells empty."""
        self.put(field, SAYS_NOTHING)

    def put_barcode(self, text: str, column: str) -> None:
        """A barcode that a spreadsheet shortened is lost: it is reported and not taken."""
        if not looks_scientific(text):
            self.put(Field.EAN, text)
            return
        self.put_nothing(Field.EAN)
        self.remarks.append(
            Defect(
                DefectCode.SPREADSHEET_DAMAGE,
                column,
                text,
                f"{text!r} is a number that a spreadsheet shortened, so the barcode is left out. "
                "Format the column as text and enter the digits again.",
            )
        )


class FileNotes:
    """What is said once of the whole file instead of in each of its rows."""

    def __init__(self) -> None:
        self._file_names: dict[str, tuple[int, str]] = {}
        self._other_currencies: list[str] = []

    def prices_in_other_currencies(self, columns: Sequence[str]) -> None:
        self._other_currencies += columns

    def web_addresses(self, addresses: Iterable[str], column: str) -> str:
        """The pictures that can be fetched, as one cell; file names are counted instead, and where
        there are no others the cell says nothing."""
        kept, blank = [], ""
        for address in addresses:
            if is_web_address(address):
                kept.append(address)
            elif address:
                count, first = self._file_names.get(column, (0, address))
                self._file_names[column] = (count + 1, first)
                blank = SAYS_NOTHING
        return as_list(kept) or blank

    def notes(self, label: str, columns: FileColumns) -> list[LayoutNote]:
        return [
            *self._left_out(label, columns.left_out()),
            *self._prices(),
            *self._pictures(),
        ]

    def _left_out(self, label: str, names: Sequence[str]) -> Iterable[LayoutNote]:
        if names:
            shown = ", ".join(repr(name) for name in names[:_NAMED_IN_NOTE])
            more = f" and {len(names) - _NAMED_IN_NOTE} more" if len(names) > _NAMED_IN_NOTE else ""
            what = "1 column has" if len(names) == 1 else f"{len(names)} columns have"
            text = f"Read as a file of {label}. {what} no place in the catalog: {shown}{more}."
            yield LayoutNote("ignored_header", "", "", text)

    def _prices(self) -> Iterable[LayoutNote]:
        if self._other_currencies:
            named = ", ".join(repr(name) for name in self._other_currencies)
            text = f"No price is in the account's currency: the file has {named}. None is taken."
            yield LayoutNote("other_currency", self._other_currencies[0], "", text)

    def _pictures(self) -> Iterable[LayoutNote]:
        for column, (count, first) in self._file_names.items():
            what = "1 picture is" if count == 1 else f"{count:,} pictures are"
            text = f"{what} given as a file name such as {first!r}, not as a web address: left out."
            yield LayoutNote("media_without_address", column, first, text)


def with_named_columns(row: RawRow, header: Sequence[str]) -> list[Defect]:
    """The reader's defects of a row, columns by the names they have in the file."""
    return [Defect(d.code, _name(d.column, header), d.value, d.message) for d in row.defects]


def _name(column: int | str | None, header: Sequence[str]) -> str | None:
    if not isinstance(column, int):
        return column
    name = header[column - 1] if column <= len(header) else ""
    return name or f"column {column}"


def is_ragged(row: RawRow) -> bool:
    """Whether its cells cannot be told apart: nothing is to be learnt from them."""
    return any(
        defect.code in (DefectCode.RAGGED_ROW, DefectCode.INVALID_JSON, DefectCode.NOT_AN_OBJECT)
        for defect in row.defects
    )
