"""What every layout does alike: take columns, say which are left out, lay rows out."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence

from bulk_uploads.layouts import LaidOutColumn, LaidOutRow, LayoutNote
from bulk_uploads.readers.base import Defect, DefectCode, RawRow
from catalog.file_format.columns import Field
from catalog.layouts.base import (
    FileNotes,
    LayoutContext,
    MadeColumns,
    RowDraft,
    is_ragged,
    with_named_columns,
)
from catalog.layouts.file_columns import Cell, FileColumns


class ForeignFile(ABC):
    """`name` stands with the upload, `label` in sentences: "a file of Shopify products"."""

    name: str
    label: str

    def __init__(self, columns: FileColumns, context: LayoutContext) -> None:
        self.file = columns
        self.clears_blanks = context.clears_blanks
        self.made = MadeColumns()
        self.file_notes = FileNotes()

    def taken(self, *names: str, field: Field) -> Cell:
        """The first of these columns that the file has fills this field."""
        if source := self.file.name_of(*names):
            self.made.field(field, source)
        return self.file.cell(*names)

    def own_columns(self) -> list[tuple[str, Cell]]:
        """Columns that somebody added, named as the catalog file names them."""
        own = self.file.matching(lambda name: "#;" in name)
        return [(self.made.own(header), cell) for header, cell in own]

    def survey(self, rows: Sequence[RawRow]) -> None:
        for row in rows:
            if not is_ragged(row):
                self.see(row)

    @abstractmethod
    def see(self, row: RawRow) -> None:
        """The first look at a row whose cells can be told apart."""

    def columns(self) -> Sequence[LaidOutColumn]:
        return self.made.columns()

    @abstractmethod
    def lay_out(self, rows: Iterable[RawRow]) -> Iterator[LaidOutRow]:
        """One for each row, in their order."""

    def left_out(self) -> Sequence[str]:
        return self.file.left_out()

    def notes(self) -> Sequence[LayoutNote]:
        return self.file_notes.notes(self.label, self.file)

    # Rows

    def laid_out(self, draft: RowDraft) -> LaidOutRow:
        row = draft.source
        return LaidOutRow(
            row.number,
            self.made.cells(draft.values, clears_blanks=self.clears_blanks),
            with_named_columns(row, self.file.header) + draft.defects,
            draft.remarks,
        )

    def merged(self, row: RawRow, into: int) -> LaidOutRow:
        if row.defects:
            return self.failed(row)
        return LaidOutRow(row.number, [], merged_into=into)

    def failed(self, row: RawRow, *defects: Defect) -> LaidOutRow:
        """A row that stands for nothing, with what is wrong with it."""
        found = with_named_columns(row, self.file.header) + list(defects)
        return LaidOutRow(row.number, self.made.cells({}), found)

    def put_parent_missing(self, draft: RowDraft, *, column: str, parent: str) -> None:
        """What the file does not say of a product stays; where blank cells empty, it would not,
        so the row is refused."""
        start = f"The file has no row of the parent {parent!r}"
        if self.clears_blanks:
            text = (
                f"{start}, and with blank cells emptying, what it says of the product would be "
                "lost. Add that row, or let blank cells keep what is stored."
            )
            draft.defects.append(self.defect(DefectCode.PARENT_MISSING, column, parent, text))
        else:
            text = f"{start}. What it says of the product stays as it is."
            draft.remarks.append(self.defect(DefectCode.PARENT_MISSING, column, parent, text))

    def defect(self, code: DefectCode, column: str, value: str, message: str) -> Defect:
        return Defect(code, self.file.name_of(column) or column, value, message)


class RowwiseFile(ForeignFile):
    """Each row is laid out by itself."""

    def lay_out(self, rows: Iterable[RawRow]) -> Iterator[LaidOutRow]:
        for row in rows:
            yield self.failed(row) if is_ragged(row) else self.made_of(row)

    @abstractmethod
    def made_of(self, row: RawRow) -> LaidOutRow:
        """What becomes of a row whose cells can be told apart."""
