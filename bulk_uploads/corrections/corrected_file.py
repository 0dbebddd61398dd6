"""A correction file on its way in: the uploader's own columns, and where each row comes from."""

from collections.abc import Iterator

from bulk_uploads.corrections.layout import NumberCell, added_places, number_cell
from bulk_uploads.corrections.line import write_origins
from bulk_uploads.corrections.shown_rows import left_as_shown, not_corrected
from bulk_uploads.corrections.token import find_token, upload_named
from bulk_uploads.models import BulkUpload
from bulk_uploads.readers import OpenedFile, RawRow, RestoredFile
from bulk_uploads.readers.base import Defect
from bulk_uploads.readers.cells import shown


def recognised(source: OpenedFile, *, upload: BulkUpload) -> "CorrectedFile | None":
    """None for any other file, one with a token that is not this account's included."""
    token = find_token(source.header.cells)
    parent = token and upload_named(token, account=upload.account)
    if token is None or parent is None:
        return None
    return CorrectedFile(source, token_place=token.place, parent=parent)


class CorrectedFile(RestoredFile):
    """An opened correction file without what was added. `parent` is the upload it corrects."""

    def __init__(self, marked: OpenedFile, *, token_place: int, parent: BulkUpload) -> None:
        self.parent = parent
        self._token_place = token_place
        # Only what spreadsheets open had its formulas made plain text.
        self._is_plain = marked.format.format == "json"
        self._origins: list[tuple[int, int]] = []
        places = added_places(
            marked.header.cells, own_header=parent.own_header, token_place=token_place
        )
        super().__init__(marked, without=places)
        self._origins.clear()

    def _restored(self, row: RawRow) -> RawRow:
        restored = super()._restored(row)
        if self._is_plain:
            gone = self._without
            restored.cells = [cell for at, cell in enumerate(row.cells) if at not in gone]
        cells = row.cells[self._token_place : self._token_place + 1]
        said = number_cell(cells[0] if cells else "")
        self._origins.append((row.number, said.row))
        if said.marks and not restored.defects:
            restored.defects = list(self._not_corrected(restored, said))
        return restored

    def _not_corrected(self, row: RawRow, said: NumberCell) -> Iterator[Defect]:
        header = self.header.cells
        cells = dict(zip(header, row.cells, strict=False))
        for name in left_as_shown(self.parent.own_header, cells, said.marks):
            column = header.index(name) + 1 if name in header else None
            yield not_corrected(column, shown(cells.get(name or "", "")))

    def write_origins(self, *, upload_id: int) -> None:
        """Note the rows read since the last call. What an interrupted reading noted is the same."""
        write_origins(upload_id=upload_id, origins=self._origins)
        self._origins.clear()
