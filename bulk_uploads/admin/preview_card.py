"""What a dry run says would change, and what an import made of it, as its page shows that."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from bulk_uploads.admin.object_pages import ObjectPages, pages_for
from bulk_uploads.differences import differences_of, runs_a_preview
from bulk_uploads.foretelling import Foretold, foretold
from bulk_uploads.models import BulkUpload, Outcome, RowDifference, Status
from bulk_uploads.preview_notes import (
    MOST_NAMES,
    ChangedField,
    FieldChange,
    Jump,
    PreviewNotes,
    RowChange,
    by_row,
)
from bulk_uploads.previews import notes_of

PER_PAGE = 25
_MOST_SHOWN = 5
_TIMES, _DIVIDED = "\N{MULTIPLICATION SIGN}", "\N{DIVISION SIGN}"


@dataclass(frozen=True, slots=True)
class ShownJump:
    jump: Jump
    url: str | None

    @property
    def far(self) -> str:
        """How many times more, or one how manieth is left."""
        ratio = self.jump.ratio
        if ratio is None:
            return "to 0" if self.jump.after == "0" else "from 0"
        sign, times = (_TIMES, ratio) if ratio > 1 else (_DIVIDED, 1 / ratio)
        return f"{sign} {times:,.0f}" if times >= 100 else f"{sign} {times:.3g}"


@dataclass(frozen=True, slots=True)
class ShownChange:
    change: RowChange
    url: str | None

    @property
    def first(self) -> FieldChange:
        return self.change.fields[0]

    @property
    def others(self) -> tuple[FieldChange, ...]:
        return self.change.fields[1:]

    @property
    def lines(self) -> int:
        return len(self.change.fields) + bool(self.change.more)


@dataclass(frozen=True, slots=True)
class NewNames:
    kind: str
    names: list[str]
    has_more: bool


@dataclass(frozen=True, slots=True)
class PreviewCard:
    """`rows_changed` is how many rows would change something; the sample shows some of them."""

    fields: list[tuple[ChangedField, int]]
    sample: list[ShownChange]
    jumps: list[ShownJump]
    jump_count: int
    rule: str
    new_names: list[NewNames]
    foretold: list[Foretold]


def preview_card(upload: BulkUpload) -> PreviewCard | None:
    """One query, and those of who foretells what follows.

    None for what is no dry run, or has not come to its end.
    """
    if not upload.is_dry_run or not upload.has_ended:
        return None
    notes: PreviewNotes = notes_of(upload)
    pages = pages_for(upload)
    return PreviewCard(
        fields=notes.most_changed(),
        sample=[
            ShownChange(change, _url(pages, change.object_id))
            for change in by_row(notes.sample)
            if change.fields
        ],
        jumps=[ShownJump(jump, _url(pages, jump.object_id)) for jump in notes.jumps],
        jump_count=notes.jump_count,
        rule=notes.rule,
        new_names=[
            NewNames(kind, list(names[:MOST_NAMES]), len(names) > MOST_NAMES)
            for kind, names in sorted(notes.new_names.items())
        ],
        foretold=list(foretold(upload, notes).values()) if upload.status == Status.SUCCESS else [],
    )


def _url(pages: ObjectPages | None, object_id: int | None) -> str | None:
    return pages.of_object(object_id) if pages and object_id else None


def imported_since(upload: BulkUpload) -> list[BulkUpload]:
    """The newest real uploads of the same bytes that came after this dry run: one query."""
    if not upload.is_dry_run or upload.status != Status.SUCCESS:
        return []
    later = BulkUpload.objects.for_account(upload.account_id).filter(
        pk__gt=upload.pk,
        is_dry_run=False,
        status=Status.SUCCESS,
        file__sha256=upload.file.sha256,
        processor_name=upload.processor_name,
    )
    return list(later.order_by("-pk")[:_MOST_SHOWN])


@dataclass(frozen=True, slots=True)
class ShownDifference:
    """In words; "" for a key or an outcome that is not."""

    row: int
    key: str
    expected: str
    came_out: str

    @classmethod
    def of(cls, found: RowDifference) -> "ShownDifference":
        expected = found.expected_outcome
        word = Outcome(expected).label if expected is not None else ""
        came_out = Outcome(found.outcome).label
        if found.key != found.expected_key and expected is not None:
            word = f"{word}, as {found.expected_key or 'no key'}"
            came_out = f"{came_out}, as {found.key or 'no key'}"
        return cls(found.row, found.key or found.expected_key or "", word, came_out)


@dataclass(frozen=True, slots=True)
class DifferenceTable:
    """`query`s open the first page and the one that follows; None where there is none."""

    rows: list[ShownDifference]
    first_query: str | None
    next_query: str | None


def difference_table(upload: BulkUpload, query: Mapping[str, str]) -> DifferenceTable | None:
    """One query, by row number from where the last page ended. None without a preview."""
    if not runs_a_preview(upload):
        return None
    text = query.get("differing_from", "")
    start = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
    page = list(differences_of(upload).filter(row__gte=start)[: PER_PAGE + 1])
    following = page[PER_PAGE].row if len(page) > PER_PAGE else None
    return DifferenceTable(
        rows=[ShownDifference.of(found) for found in page[:PER_PAGE]],
        first_query="" if start else None,
        next_query=urlencode({"differing_from": following}) if following else None,
    )
