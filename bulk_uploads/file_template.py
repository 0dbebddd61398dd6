"""What an empty file for a processor looks like: its columns, and what each is for."""

from dataclasses import dataclass
from enum import StrEnum


class CellKind(StrEnum):
    """What a spreadsheet should take a column's cells for."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    TRUTH = "truth"


@dataclass(frozen=True, slots=True)
class TemplateColumn:
    """`meaning` is a sentence or two for the person who fills the column in. `needed` where no
    row can do without. `choices` are all that a cell may say, where there is but a handful."""

    header: str
    meaning: str
    example: str = ""
    kind: CellKind = CellKind.TEXT
    needed: bool = False
    choices: tuple[str, ...] = ()
