"""What every reader takes and gives: rows numbered as a spreadsheet shows them, of any format."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, BinaryIO, Final, Protocol, runtime_checkable

_KNOWING_NUMBERS: Final = ("json", "xlsx")


class DefectCode(StrEnum):
    """What can be wrong with the bytes or the shape of one row; stable, shown to programs."""

    RAGGED_ROW = "ragged_row"
    NUL_BYTE = "nul_byte"
    CONTROL_CHARACTER = "control_character"
    INVALID_ENCODING = "invalid_encoding"
    CELL_TOO_LONG = "cell_too_long"
    ERROR_CELL = "error_cell"
    FORMULA_WITHOUT_VALUE = "formula_without_value"
    INVALID_JSON = "invalid_json"
    NOT_AN_OBJECT = "not_an_object"
    DUPLICATE_KEY = "duplicate_key"
    NESTED_VALUE = "nested_value"
    NOT_A_NUMBER = "not_a_number"
    NOT_CORRECTED = "not_corrected"
    UNKNOWN_ROW_TYPE = "unknown_row_type"
    PARENT_MISSING = "parent_missing"
    PARENT_WITHOUT_ROWS = "parent_without_rows"
    GROUP_TORN = "group_torn"
    GROUP_TOO_LARGE = "group_too_large"
    SPREADSHEET_DAMAGE = "spreadsheet_damage"
    OTHER_CURRENCY = "other_currency"
    UNCLEAR_SALE_DATES = "unclear_sale_dates"


class UnreadableCode(StrEnum):
    """Why a file as a whole cannot be read; stable, shown to programs."""

    EMPTY_FILE = "empty_file"
    NO_HEADER = "no_header"
    BAD_HEADER = "bad_header"
    UNSUPPORTED_FORMAT = "unsupported_format"
    UNKNOWN_ENCODING = "unknown_encoding"
    UNKNOWN_DELIMITER = "unknown_delimiter"
    TOO_MANY_COLUMNS = "too_many_columns"
    TOO_MANY_ROWS = "too_many_rows"
    ROW_TOO_LONG = "row_too_long"
    UNTERMINATED_QUOTE = "unterminated_quote"
    DAMAGED_WORKBOOK = "damaged_workbook"
    UNPACKS_TOO_LARGE = "unpacks_too_large"
    NO_SHEET = "no_sheet"
    INVALID_JSON = "invalid_json"
    LAYOUT_TOO_LARGE = "layout_too_large"


class UnreadableFile(Exception):
    """The file cannot be read at all. `message` is for the person who sent it."""

    def __init__(self, code: UnreadableCode, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class ReadLimits:
    """How much a file may hold: `max_rows` data rows, `max_columns` named columns."""

    max_rows: int
    max_columns: int
    max_cell_chars: int

    @property
    def max_row_chars(self) -> int:
        """Characters one row may hold; the memory bound where a row has no end."""
        return max(4 * self.max_cell_chars, 1_048_576)


@dataclass(frozen=True, slots=True)
class ReadHints:
    """What the uploader said about the file; None is for the reader to find out."""

    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None


@dataclass(frozen=True, slots=True)
class Defect:
    """One thing wrong with a row. `column` counts from 1, None where it is the whole row; where
    the row is no longer in the shape of its file, it is the file's own name of the column.

    `value` is the offending text, shortened and with control characters made visible, so that any
    database and any page can hold it.
    """

    code: DefectCode
    column: int | str | None
    value: str
    message: str


@dataclass(slots=True)
class RawRow:
    """A logical row as text. A row with defects is not to be applied.

    `number` is what a spreadsheet shows: blank rows count, line breaks inside cells do not. There
    is at least one cell for each column of the header.
    """

    number: int
    cells: list[str]
    defects: list[Defect] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class FileFormat:
    """What the file turned out to be, enough to write another one like it.

    `is_export`: we wrote it ourselves, so that its keys are what they seem to be.
    """

    format: str
    encoding: str | None = None
    delimiter: str | None = None
    byte_order_mark: bool = False
    sheet: str | None = None
    is_export: bool = False

    def as_extradata(self) -> dict[str, str]:
        """The same for an upload's `extradata`; what does not apply is left out."""
        found = {
            "format": self.format,
            "encoding": self.encoding,
            "delimiter": self.delimiter,
            "sheet": self.sheet,
        }
        if self.byte_order_mark:
            found["byte_order_mark"] = "true"
        if self.is_export:
            found["is_export"] = "true"
        return {name: value for name, value in found.items() if value is not None}


def has_numbers(extradata: Mapping[str, Any]) -> bool:
    """Whether a file with this `extradata` holds numbers beside texts, or is one that we wrote.

    They have a decimal point, whatever its texts are written with.
    """
    return extradata.get("format") in _KNOWING_NUMBERS or "is_export" in extradata


class OpenedFile(Protocol):
    """A file whose header is read. Iterate once for its rows; blank rows are skipped.

    Iterating raises UnreadableFile where the rest of the file cannot be read.
    """

    @property
    def format(self) -> FileFormat: ...

    @property
    def header(self) -> RawRow: ...

    @property
    def blank_rows(self) -> int:
        """Blank rows skipped below the header so far."""

    def __iter__(self) -> Iterator[RawRow]: ...


#: A row as it stands in the file: its number, and cells that nobody has looked at.
NumberedCells = tuple[int, list[str]]


@runtime_checkable
class InBulk(OpenedFile, Protocol):
    """A file whose rows can also be had unexamined, by who can look at many of them at once."""

    @property
    def max_cell_chars(self) -> int: ...

    def take(self, most: int) -> list[NumberedCells]:
        """The next rows that are not blank, instead of iterating; none at the end. Raises
        UnreadableFile."""

    def examined(self, rows: Iterable[NumberedCells]) -> list[RawRow]:
        """The same rows as iterating gives them."""


class Reader(Protocol):
    """Opens a seekable binary file of one kind; raises UnreadableFile."""

    def __call__(self, stream: BinaryIO, *, limits: ReadLimits, hints: ReadHints) -> OpenedFile: ...
