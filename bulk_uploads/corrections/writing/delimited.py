"""A correction file as CSV or TSV: encoding, delimiter and line ends are those of the first file.

UTF-8 always gets a byte order mark, without which Excel takes it for something else.
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from bulk_uploads.corrections.writing.table import CorrectionTable, messages
from bulk_uploads.readers.encoding import ENCODINGS, decoded_chunks, detect_encoding
from bulk_uploads.spreadsheet_text import neutralise

_NUMBER = re.compile(r"[+-](?:\d[\d.,]*|[.,]\d+)(?:[eE][+-]?\d+)?%?", re.ASCII)
_LINE_END = re.compile(r"\r\n|\n|\r")
_QUOTED = re.compile(r'"[^"]*"')
_MARKED = {"utf-8": "utf-8-sig", "utf-16-le": "utf-16-le", "utf-16-be": "utf-16-be"}


@dataclass(frozen=True, slots=True)
class DelimitedWriter:
    """`encoding` is one of the reader's names. `names_delimiter`: say it in a first line."""

    encoding: str = "utf-8"
    delimiter: str = ","
    line_end: str = "\r\n"
    names_delimiter: bool = False

    @property
    def content_type(self) -> str:
        kind = "tab-separated-values" if self.delimiter == "\t" else "csv"
        return f"text/{kind}; charset={self.encoding.removesuffix('-le').removesuffix('-be')}"

    @property
    def ending(self) -> str:
        return ".tsv" if self.delimiter == "\t" else ".csv"

    def write(self, table: CorrectionTable, target: BinaryIO) -> None:
        codec = _MARKED.get(self.encoding, ENCODINGS.get(self.encoding, "utf-8-sig"))
        # What a message quotes may not exist in the encoding of the file.
        text = io.TextIOWrapper(target, encoding=codec, errors="replace", newline="")
        if self.encoding.startswith("utf-16"):
            text.write("\ufeff")
        if self.names_delimiter:
            text.write(f"sep={self.delimiter}{self.line_end}")
        csv.writer(
            text,
            delimiter=self.delimiter,
            lineterminator=self.line_end,
            # The module quotes a line feed only if it is part of the line ends.
            quoting=csv.QUOTE_ALL if self.line_end == "\r" else csv.QUOTE_MINIMAL,
        ).writerows(_rows(table))
        text.flush()
        text.detach()


def _rows(table: CorrectionTable) -> Iterator[list[str]]:
    yield [neutralise(name) for name in table.full_header]
    for row in table.rows:
        cells = [cell_text(cell) for cell in table.own_cells(row)]
        yield [*cells, neutralise(messages(row)), str(table.number_cell(row))]


def cell_text(cell: str) -> str:
    """The cell as no spreadsheet runs it. A signed number is a number, and stays one."""
    return cell if _NUMBER.fullmatch(cell) else neutralise(cell)


def line_end_of(stream: BinaryIO) -> str:
    """The first line end of a text file that stands outside quotes."""
    sample = next(decoded_chunks(stream, detect_encoding(stream)), "")
    found = _LINE_END.search(_QUOTED.sub("", sample))
    return found.group() if found else "\r\n"
