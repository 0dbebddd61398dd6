"""What rooms above foretell of a dry run: what would follow from it, counted batch by batch."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from bulk_uploads.models import BulkUpload
from bulk_uploads.preview_notes import PreviewNotes, Sums
from bulk_uploads.previews import notes_of
from bulk_uploads.processors import BatchResult, RowOutcome

#: A batch of rows that change nothing may be large, and a row may ask for many images.
_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Foretold:
    """`facts` are (label, text) for people, `remark` is a sentence below them; `document` is the
    same for programs."""

    title: str
    facts: Sequence[tuple[str, str]]
    remark: str = ""
    document: Mapping[str, Any] = field(default_factory=dict)


class Foreteller(Protocol):
    """`name` is what its part is called in the API's preview."""

    @property
    def name(self) -> str: ...

    def concerns(self, upload: BulkUpload) -> bool:
        """Asked once a batch, without queries."""

    def count(self, upload: BulkUpload, outcomes: Sequence[RowOutcome]) -> Sums:
        """Numbers by name, of a bounded number of names; the sum over all batches is kept.

        Called for some rows of a batch at a time while its effects are there, which are rolled
        back afterwards: nothing may be written, and the queries must be a fixed number.
        """

    def tell(self, upload: BulkUpload, sums: Sums) -> Foretold:
        """What the sums of a dry run that has ended come to, as of now."""


_foretellers: dict[str, Foreteller] = {}


def register(foreteller: Foreteller) -> None:
    """Called by a room as it gets ready; a name can be taken once."""
    if _foretellers.setdefault(foreteller.name, foreteller) is not foreteller:
        raise ValueError(f"{foreteller.name!r} foretells already")


def add_sums(upload: BulkUpload, result: BatchResult) -> None:
    """What there is to foretell of the batch, into its notes."""
    sums = {
        each.name: _counted(each, upload, result.outcomes)
        for each in _foretellers.values()
        if each.concerns(upload)
    }
    if any(sums.values()):
        result.notes = (result.notes or PreviewNotes()) + PreviewNotes(sums=sums)


def _counted(
    foreteller: Foreteller, upload: BulkUpload, outcomes: Sequence[RowOutcome]
) -> Counter[str]:
    counted: Counter[str] = Counter()
    for start in range(0, len(outcomes), _AT_ONCE):
        counted.update(foreteller.count(upload, outcomes[start : start + _AT_ONCE]))
    return counted


def foretold(upload: BulkUpload, notes: PreviewNotes | None = None) -> dict[str, Foretold]:
    """By name. `notes` are the upload's, if they are at hand."""
    telling = [each for each in _foretellers.values() if each.concerns(upload)]
    if not telling or not upload.is_dry_run:
        return {}
    known = notes or notes_of(upload)
    return {each.name: each.tell(upload, known.sums.get(each.name, {})) for each in telling}
