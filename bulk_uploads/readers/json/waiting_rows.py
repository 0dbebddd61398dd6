"""Rows that wait in a temporary file until all columns of their table are known.

One JSON line a row: its cells, or where it has defects, the cells and the defects.
"""

import json
import tempfile
import weakref
from collections.abc import Iterator
from typing import Any

import orjson

from bulk_uploads.readers.base import Defect, DefectCode

_WITH_DEFECTS = b"[["
_NEWLINE = orjson.OPT_APPEND_NEWLINE


class WaitingRows:
    """Add all, then iterate."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed with this object
        weakref.finalize(self, self._file.close)

    def add(self, cells: list[str], defects: list[Defect]) -> None:
        row = [cells, [_fields(defect) for defect in defects]] if defects else cells
        try:
            self._file.write(orjson.dumps(row, option=_NEWLINE))
        except orjson.JSONEncodeError:
            # A lone surrogate, which will be a defect of the row.
            self._file.write(json.dumps(row).encode() + b"\n")

    def __iter__(self) -> Iterator[tuple[list[str], list[Defect]]]:
        self._file.seek(0)
        for line in self._file:
            row = _decoded(line)
            if line.startswith(_WITH_DEFECTS):
                cells, defects = row
                yield cells, [_defect(*fields) for fields in defects]
            else:
                yield row, []


def _fields(defect: Defect) -> tuple[str, int | str | None, str, str]:
    return defect.code.value, defect.column, defect.value, defect.message


def _defect(code: str, column: int | str | None, value: str, message: str) -> Defect:
    return Defect(DefectCode(code), column, value, message)


def _decoded(line: bytes) -> Any:
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError:
        return json.loads(line)
