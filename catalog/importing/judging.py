"""Judging the rows of a batch in file order: skipped, failed, or accepted with what it says."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from bulk_uploads.models import Level, Outcome
from bulk_uploads.processors import BatchResult, Issue, RowOutcome
from bulk_uploads.row_defects import issues_of_defects
from catalog.file_format.cells import LONGEST_SKU, looks_scientific, normal_key
from catalog.file_format.columns import Field
from catalog.importing import damage
from catalog.importing.decisions import Decision, Decisions
from catalog.importing.header_plan import HeaderPlan
from catalog.importing.heads import Head
from catalog.importing.looking_up import Known
from catalog.importing.row_reading import RowReader
from catalog.importing.rows import FileRow, ReadRow


@dataclass(slots=True)
class Accepted:
    """A row whose effects are to be written. `decides`: it speaks for its product's columns."""

    row: FileRow
    head: Head | None
    read: ReadRow
    product_key: str
    decides: bool


@dataclass(slots=True)
class Judgement:
    """`unchanged` and failed rows are in `result` already; `accepted` ones still are to be."""

    result: BatchResult
    accepted: list[Accepted] = field(default_factory=list)


class _Refused(Exception):
    """The row fails. `key` is what it holds in the ledger, if anything."""

    def __init__(self, key: str | None, issues: list[Issue]) -> None:
        super().__init__()
        self.key = key
        self.issues = issues


class Judge:
    """One batch's judge. What the database knows it is told; it asks nothing itself."""

    def __init__(
        self,
        *,
        plan: HeaderPlan,
        reader: RowReader,
        rows: Sequence[FileRow],
        known: Known,
        decisions: Decisions,
        use_digests: bool,
    ) -> None:
        self._plan = plan
        self._reader = reader
        self._rows = rows
        self._known = known
        self._heads = known.heads
        self._earlier = known.earlier
        self.gtins = known.gtins
        self._decisions = decisions
        self._use_digests = use_digests
        self._name_place = plan.product_place(Field.NAME)
        self._seen: dict[str, int] = {}
        self._created: set[str] = set()
        self._read_changed()

    def judge(self) -> Judgement:
        judgement = Judgement(BatchResult())
        for row in self._rows:
            try:
                accepted = self._judge(row, judgement.result)
            except _Refused as refused:
                outcome = RowOutcome(row.number, refused.key, Outcome.FAILED, None)
                judgement.result.outcomes.append(outcome)
                judgement.result.issues += refused.issues
            else:
                if accepted is not None:
                    judgement.accepted.append(accepted)
        return judgement

    def _read_changed(self) -> None:
        """Read together what the digests do not settle."""
        unread = [row for row in self._rows if row.read is None and not row.source.defects]
        self._reader.read([row for row in unread if not self._has_valid_digest(row)])

    def _has_valid_digest(self, row: FileRow) -> bool:
        head = self._heads.get(row.sku or row.ean)
        return self._use_digests and head is not None and head.digest == row.digest

    # One row after the other

    def _judge(self, row: FileRow, result: BatchResult) -> Accepted | None:
        if row.source.defects:
            header = [column.header for column in self._plan.columns]
            raise _Refused(None, issues_of_defects(row.source, header))
        if row.sku and len(row.sku) <= LONGEST_SKU:
            key = row.sku
            head = self._heads.get(key)
        else:
            head, key = self._identify(row)
        if key in self._seen or key in self._earlier or self._is_elsewhere(row, key):
            raise _Refused(None, self._repetition(row, key, head))
        self._seen[key] = row.number
        if head is not None and self._must_stay(row, key):
            raise _Refused(key, [_already_there(row, key, self._plan)])
        if head is not None and self._is_unchanged(row, head):
            self._settle_unchanged(row, head, result)
            return None
        return self._read(row, head, key, result)

    def _identify(self, row: FileRow) -> tuple[Head | None, str]:
        """The stored variant, if there is one, and the SKU that a row without one is about."""
        if row.sku:
            raise _Refused(None, self._said(row).issues)
        if not row.gtin:
            raise _Refused(None, self._said(row).issues + self._without_key(row))
        owner = self.gtins.owner(row.gtin)
        if owner is not None:
            return self.gtins.head(row.gtin), owner
        namesake = self._heads.get(row.ean)
        if namesake is not None and self._known.is_namesake(row) and not self._holder(row.ean):
            raise _Refused(None, [self._namesake_clash(row, namesake)])
        return namesake, row.ean

    def _holder(self, key: str) -> int | None:
        """The earlier row of the file that is about this key already."""
        return self._seen.get(key) or self._earlier.get(key)

    def _said(self, row: FileRow) -> ReadRow:
        """What the row says; most that will be asked for have been read together before."""
        if row.read is None:
            self._reader.read([row])
        if row.read is None:
            raise AssertionError("a row was read to nothing")
        return row.read

    def _without_key(self, row: FileRow) -> list[Issue]:
        if row.key_issues:
            return []
        column = self._plan.sku or self._plan.eans[0]
        what = "SKU or EAN" if self._plan.sku and self._plan.eans else column.header
        return [
            _error(row, column.header, "", "missing_key", f"The row has no {what}; it needs one.")
        ]

    def _repetition(self, row: FileRow, key: str, head: Head | None) -> list[Issue]:
        """The key is the first row's; this row holds none."""
        if head is None and looks_scientific(row.sku):
            # A spreadsheet made one text of many keys: none of these rows repeats another.
            return self._damaged(row)
        column = self._plan.sku or self._plan.eans[0]
        text = f"{self._holder_in_words(key)} already has {key!r}. Keep one of the two rows."
        return [_error(row, column.header, key, "repeated_key", text)]

    def _holder_in_words(self, key: str) -> str:
        if first := self._holder(key):
            return f"Row {first} of this file"
        held = self._known.elsewhere[key]
        return f"Row {held.row} of upload {held.upload_id}, which this one goes on with,"

    def _is_elsewhere(self, row: FileRow, key: str) -> bool:
        """Whether another row of the line has the key; what a row stands for may have it."""
        held = self._known.elsewhere.get(key)
        return held is not None and self._known.root_rows[row.number] not in (None, held.root_row)

    def _must_stay(self, row: FileRow, key: str) -> bool:
        """Whether what exists is to be left alone, and was there before the row's own line."""
        if self._plan.options.update_existing:
            return False
        held = self._known.elsewhere.get(key)
        return held is None or self._known.root_rows[row.number] != held.root_row

    def _is_unchanged(self, row: FileRow, head: Head) -> bool:
        """The shortcut: the row that last wrote this variant was just this one."""
        if not self._use_digests or head.digest is None or head.digest != row.digest:
            return False
        stated = self._plan.stated_key(row.product_cells)
        if stated is not None and stated != head.product_key:
            return False
        if not self._plan.product_columns or self._decisions.of(head.product_key):
            return True
        wanted = self._plan.product_digest(row.product_cells)
        return head.product_digest is not None and head.product_digest == wanted

    def _settle_unchanged(self, row: FileRow, head: Head, result: BatchResult) -> None:
        self._decide(row, head.product_key, result)
        result.outcomes.append(RowOutcome(row.number, head.sku, Outcome.UNCHANGED, head.id))

    def _read(self, row: FileRow, head: Head | None, key: str, result: BatchResult) -> Accepted:
        read = row.read or self._said(row)
        read.sku = key
        issues = read.issues
        if head is None:
            issues = issues + self._not_creatable(row)
        if row.gtin:
            issues = issues + self._gtin_clash(row, read, key)
        if issues:
            if any(issue.level is Level.ERROR for issue in issues):
                raise _Refused(key, issues)
            result.issues += issues
        product_key = self._product_key(read, head)
        if read.sets_gtin:
            before = head.gtin if head else None
            self.gtins.change(row=row.number, sku=key, before=before, after=row.gtin)
        if head is None and not self._plan.options.exact_keys:
            self._created.add(key)
        return Accepted(row, head, read, product_key, self._decide(row, product_key, result))

    def _decide(self, row: FileRow, key: str, result: BatchResult) -> bool:
        """Whether the row is the first of its product; a later one is warned where it differs."""
        if not self._plan.product_columns:
            return False
        decision = self._decisions.of(key)
        if decision is not None:
            if decision.cells != row.product_cells:
                result.issues += self._decisions.conflicts(key, row.number, row.product_cells)
            return False
        self._decisions.decide(key, Decision(row.number, row.product_cells))
        return True

    def _product_key(self, read: ReadRow, head: Head | None) -> str:
        if key := read.product_key:
            return key
        stated = read.product_name
        if stated is None:
            # A row without a name keeps its product; one that creates has been refused.
            return head.product_key if head else ""
        if head is not None:
            name = self._decisions.name_of(head.product_key) or head.product_name
            if name == stated:
                # The product has a key of its own, which the file does not repeat.
                return head.product_key
        return normal_key(stated)

    def _not_creatable(self, row: FileRow) -> list[Issue]:
        issues = self._damaged(row)
        place = self._name_place
        if place is None or not row.product_cells[place]:
            text = "This row makes a new variant, so it needs a Product Name."
            named = "Product Name" if place is None else self._plan.product_columns[place].header
            issues.append(_error(row, named, "", "required_to_create", text))
        return issues

    def _damaged(self, row: FileRow) -> list[Issue]:
        if not row.sku[:1].isdigit() or not (problem := self._damage(row.sku)):
            return []
        column = self._plan.sku.header if self._plan.sku else ""
        return [_error(row, column, row.sku, "spreadsheet_damage", problem)]

    def _damage(self, sku: str) -> str | None:
        """What became of a key that begins with a digit."""
        if looks_scientific(sku):
            return damage.describe(sku, self._known.originals.get(sku))
        candidates = damage.keys_with_zeros(sku)
        original = damage.first_present(candidates, self._known.stored_with_zeros | self._created)
        return damage.describe_lost_zeros(sku, original) if original else None

    def _gtin_clash(self, row: FileRow, read: ReadRow, key: str) -> list[Issue]:
        owner = self.gtins.owner(row.gtin or "")
        if owner is None or owner == key:
            return []
        text = f"EAN {row.ean} belongs to SKU {owner!r} already. An EAN identifies one variant."
        return [_error(row, self._plan.eans[0].header, row.ean, "ean_taken", text)]

    def _namesake_clash(self, row: FileRow, namesake: Head) -> Issue:
        text = (
            f"No variant has EAN {row.ean}, and SKU {namesake.sku!r}, which reads the same, has "
            f"EAN {namesake.ean}. Give the row a SKU."
        )
        return _error(row, self._plan.eans[0].header, row.ean, "ean_taken", text)


def _error(row: FileRow, column: str, value: str, code: str, message: str) -> Issue:
    return Issue(row.number, column, value, Level.ERROR, code, message)


def _already_there(row: FileRow, key: str, plan: HeaderPlan) -> Issue:
    column = plan.sku or plan.eans[0]
    text = f"{key!r} exists already, and this upload was told to leave existing variants alone."
    return _error(row, column.header, key, "already_exists", text)
