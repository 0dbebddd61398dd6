"""Judging the rows of a stock file in their order: failed, unchanged, or with what they change."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b

from bulk_uploads.key_holders import KeyHolders
from bulk_uploads.models import Level, Outcome
from bulk_uploads.processors import Batch, BatchResult, Issue, RowOutcome
from bulk_uploads.row_defects import issues_of_defects
from catalog.file_format.cells import CellError, looks_scientific
from catalog.importing import damage
from catalog.models import MovementKind
from catalog.stock.header import StockHeader
from catalog.stock.known_headers import Role
from catalog.stock.levels import LevelChange, compare, load_levels
from catalog.stock.locations import Locations
from catalog.stock.rows import StockRow
from catalog.stock.variants import hold_variants
from catalog.writing.context import WriteContext

#: Characters that the ledger keeps of a key.
_LONGEST_KEY = 255


@dataclass(slots=True)
class StockJudgement:
    result: BatchResult = field(default_factory=BatchResult)
    changes: list[LevelChange] = field(default_factory=list)


class _Refused(Exception):
    """The row fails. `key` is what it holds in the ledger, if anything."""

    def __init__(self, key: str | None, issues: Sequence[Issue]) -> None:
        super().__init__()
        self.key = key
        self.issues = issues


class StockJudge:
    """One batch's judge: everything it must know is looked up before the first row."""

    def __init__(
        self, *, context: WriteContext, header: StockHeader, batch: Batch, upload_id: int
    ) -> None:
        self._header = header
        self._rows: Sequence[StockRow] = batch.prepared
        self._variants = hold_variants(
            context,
            skus={row.sku for row in self._rows if row.sku},
            gtins={row.gtin for row in self._rows if row.gtin},
        )
        places = {s.location.key for r in self._rows for s in r.quantities if s.location}
        self.locations = Locations.load(context, places, upload_id=upload_id, is_dry=batch.is_dry)
        self._levels = load_levels(
            context, list(self._variants.ids.values()), list(self.locations.ids.values())
        )
        self._holders = KeyHolders(batch, (key for row in self._rows if (key := self._key(row))))
        adjusting = [row.number for row in self._rows if row.kind is MovementKind.ADJUST]
        self._taken_before = batch.line.taken_before(adjusting) if batch.line else {}
        self._look_for_damage(context)

    def judge(self) -> StockJudgement:
        judgement = StockJudgement()
        for row in self._rows:
            try:
                self._judge(row, judgement)
            except _Refused as refused:
                failed = RowOutcome(row.number, refused.key, Outcome.FAILED, None)
                judgement.result.outcomes.append(failed)
                judgement.result.issues += refused.issues
        return judgement

    # What is looked up before the first row

    def _look_for_damage(self, context: WriteContext) -> None:
        unknown = {row.sku for row in self._rows if row.sku and row.sku not in self._variants.ids}
        with_zeros = {text for sku in unknown for text in damage.keys_with_zeros(sku)}
        self._stored_with_zeros = damage.stored_keys(context, with_zeros)
        self._originals = damage.likely_originals(context, unknown)

    # One row after the other

    def _judge(self, row: StockRow, judgement: StockJudgement) -> None:
        if row.source.defects:
            raise _Refused(None, issues_of_defects(row.source, self._header.cells))
        key = self._key(row)
        if key is None:
            raise _Refused(None, [*row.issues, *self._unknown_ean(row)])
        self._refuse_repeated(row, key)
        self._refuse_adjusted(row)
        variant_id = self._variants.ids.get(self._sku(row))
        if variant_id is None:
            raise _Refused(key, [self._unknown_sku(row), *row.issues])
        if any(issue.level is Level.ERROR for issue in row.issues):
            raise _Refused(key, row.issues)
        changes = self._changes(row, variant_id, key)
        self._note_locations(row, changes, judgement.result)
        outcome = _outcome(changes)
        judgement.result.outcomes.append(RowOutcome(row.number, key, outcome, variant_id))
        judgement.changes += changes

    def _sku(self, row: StockRow) -> str:
        return row.sku or self._variants.sku_by_gtin.get(row.gtin, "")

    def _key(self, row: StockRow) -> str | None:
        """What no two rows of one file may share: the SKU, and the location a row names itself."""
        sku = self._sku(row)
        if not sku or not row.is_placed:
            return None
        if Role.LOCATION not in self._header.places or self._header.is_wide:
            return sku
        key = f"{sku} @ {self.locations.named(row.location).key}"
        if len(key) <= _LONGEST_KEY:
            return key
        digest = blake2b(key.encode(), digest_size=8).hexdigest()
        return f"{key[: _LONGEST_KEY - len(digest) - 1]}…{digest}"

    def _refuse_repeated(self, row: StockRow, key: str) -> None:
        holder = self._holders.claim(key, row=row.number)
        if holder is not None:
            text = f"{holder} already has {key!r}. Keep one of the two rows."
            # The key is the other row's; this row holds none.
            raise _Refused(None, [self._key_issue(row, "repeated_key", text)])

    def _refuse_adjusted(self, row: StockRow) -> None:
        """A row that is sent again adds nothing, where setting the same level again would do no
        harm."""
        taker = self._taken_before.get(row.number)
        if taker is not None:
            text = (
                f"Row {taker.row} of upload {taker.upload_id} has adjusted the level by this row "
                "already. Take the row out of the file."
            )
            raise _Refused(None, [self._key_issue(row, "adjusted_before", text)])

    def _changes(self, row: StockRow, variant_id: int, key: str) -> list[LevelChange]:
        changes = []
        for stated in row.quantities:
            location = self.locations.named(stated.location)
            location_id = self.locations.ids.get(location.key)
            stored = self._levels.get((variant_id, location_id)) if location_id else None
            try:
                change = compare(
                    variant_id=variant_id,
                    location=location,
                    stored=stored,
                    quantity=stated.quantity,
                    kind=row.kind,
                    row=row.number,
                )
            except CellError as error:
                # The row itself stays as it was read: the batch may be judged again.
                problem = Issue(
                    row.number, stated.column, stated.text, Level.ERROR, error.code, error.message
                )
                raise _Refused(key, [*row.issues, problem]) from error
            if change is not None:
                changes.append(change)
        return changes

    def _note_locations(
        self, row: StockRow, changes: Collection[LevelChange], result: BatchResult
    ) -> None:
        """A name that is new may be a slip: the first row that has it is warned."""
        result.issues += row.issues
        changed = {change.location.key for change in changes}
        for stated in row.quantities:
            if self.locations.named(stated.location).key not in changed:
                continue
            first = self.locations.mention(stated.location, row=row.number)
            if first is not None:
                column = self._header.header_of(Role.LOCATION) or stated.column
                text = f"Location {first.name.name!r} is new: this row makes it."
                result.issues.append(
                    Issue(row.number, column, first.name.name, Level.WARNING, "new_location", text)
                )

    def _unknown_sku(self, row: StockRow) -> Issue:
        sku = row.sku
        candidates = damage.keys_with_zeros(sku)
        original = damage.first_present(candidates, self._stored_with_zeros)
        if original:
            text = damage.describe_lost_zeros(sku, original)
            return self._key_issue(row, "spreadsheet_damage", text)
        if looks_scientific(sku):
            text = damage.describe(sku, self._originals.get(sku))
            return self._key_issue(row, "spreadsheet_damage", text)
        text = f"No variant has SKU {sku!r}. Correct the SKU, or import the variant first."
        return self._key_issue(row, "unknown_sku", text)

    def _unknown_ean(self, row: StockRow) -> list[Issue]:
        if not row.gtin or self._sku(row):
            return []
        text = f"No variant has EAN {row.ean}. Correct it, or import the variant first."
        return [self._key_issue(row, "unknown_ean", text)]

    def _key_issue(self, row: StockRow, code: str, text: str) -> Issue:
        is_sku = bool(row.sku)
        eans = self._header.eans
        column = self._header.header_of(Role.SKU) if is_sku else self._header.cells[eans[0]]
        value = row.sku if is_sku else row.ean
        return Issue(row.number, column, value, Level.ERROR, code, text)


def _outcome(changes: Sequence[LevelChange]) -> Outcome:
    if not changes:
        return Outcome.UNCHANGED
    if any(change.stored is None for change in changes):
        return Outcome.CREATED
    return Outcome.UPDATED
