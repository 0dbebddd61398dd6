"""Which row has a key already: an earlier one of the file, or one that its upload goes on with."""

from collections.abc import Iterable, Mapping

from bulk_uploads.processors import Batch, RowElsewhere


class KeyHolders:
    """For one batch: the `keys` that its rows may have are looked up before its first row.

    Where the file's own rows are not looked up, the ledger's unique constraint finds a key that
    it repeats. At most two queries, none for most uploads.
    """

    def __init__(self, batch: Batch, keys: Iterable[str]) -> None:
        self._line = batch.line
        self._rows: dict[str, int] = {}
        self._elsewhere: Mapping[str, RowElsewhere] = {}
        if not batch.earlier.is_exact and batch.line is None:
            return
        wanted = set(keys)
        if batch.earlier.is_exact:
            self._rows.update(batch.earlier.holding(wanted))
        if batch.line is not None:
            self._elsewhere = batch.line.holding(wanted)

    def claim(self, key: str, *, row: int) -> str | None:
        """None where the key is this row's from now on; otherwise, in words, which row has it."""
        if first := self._rows.get(key):
            return f"Row {first} of this file"
        held = self._elsewhere.get(key)
        if held is not None and not self._stands_for(row, held):
            return f"Row {held.row} of upload {held.upload_id}, which this one goes on with,"
        self._rows[key] = row
        return None

    def _stands_for(self, row: int, held: RowElsewhere) -> bool:
        """What a row goes on with may have its key; a row that is new may change what is there."""
        return self._line is None or self._line.root_row(row) in (None, held.root_row)
