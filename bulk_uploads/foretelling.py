"""What rooms above foretell of a dry run: what would follow from it, counted batch by batch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from bulk_uploads.models import BulkUpload
from bulk_uploads.preview_notes import PreviewNotes, Sums
from bulk_uploads.previews import notes_of
from bulk_uploads.processors import BatchResult, RowOutcome


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

        Called in the batch's transaction while its effects are there, which are rolled back
        afterwards: nothing may be written, and the queries must be a fixed number.
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
        each.name: dict(each.count(upload, result.outcomes))
        for each in _foretellers.values()
        if each.concerns(upload)
    }
    if any(sums.values()):
        result.notes = (result.notes or PreviewNotes()) + PreviewNotes(sums=sums)


def foretold(upload: BulkUpload, notes: PreviewNotes | None = None) -> dict[str, Foretold]:
    """By name. `notes` are the upload's, if they are at hand."""
    telling = [each for each in _foretellers.values() if each.concerns(upload)]
    if not telling or not upload.is_dry_run:
        return {}
    known = notes or notes_of(upload)
    return {each.name: each.tell(upload, known.sums.get(each.name, {})) for each in telling}
