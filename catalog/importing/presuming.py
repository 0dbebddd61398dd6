"""Whether to presume that a file's rows are all new, and what of it may be believed."""

from collections.abc import Mapping, Sequence

from bulk_uploads.processors import Batch
from catalog.importing.applying import BatchApplier
from catalog.importing.decisions import Decisions
from catalog.importing.foreseeing import Foreseen, Foreseer
from catalog.importing.judging import Accepted
from catalog.importing.looking_up import LookUp
from catalog.importing.rows import FileRow
from catalog.writing.context import WriteContext


class Presumption:
    """One pass's. Once it was wrong it is given up, until the next slice begins."""

    def __init__(self, foreseer: Foreseer, look_up: LookUp, *, is_allowed: bool) -> None:
        #: Of the last batch applied, by their keys.
        self.product_ids: Mapping[str, int] = {}
        self._foreseer = foreseer
        self._look_up = look_up
        self._is_allowed = is_allowed
        self._is_likely = False
        self._is_relied_on = False

    def begin(self, *, is_likely: bool) -> None:
        self._is_likely = self._is_allowed and is_likely

    def foresee(self, rows: Sequence[FileRow]) -> Foreseen | None:
        """Without the database, perhaps in another thread, a batch ahead."""
        return self._foreseer.foresee(rows) if self._is_likely else None

    def relied_on(
        self, context: WriteContext, foreseen: Foreseen | None, batch: Batch, before: Decisions
    ) -> Foreseen | None:
        """What was foreseen of a batch, if it may be written like that."""
        self._is_relied_on = (
            foreseen is not None
            and self._is_likely
            and batch.line is None
            and not batch.earlier.is_exact
            and foreseen.follows(before)
            and foreseen.relied_on.keys() <= self.product_ids.keys()
            and not self._look_up.stored_with_zeros(context, foreseen.with_zeros)
        )
        return foreseen if self._is_relied_on else None

    def learn(self, batch: Batch, accepted: Sequence[Accepted], applier: BatchApplier) -> None:
        """From a batch that was looked up: where all was new, the next is likely to be, too."""
        self.product_ids = applier.product_ids
        self._is_likely = (
            self._is_allowed
            and not (batch.is_dry or batch.line or batch.earlier.is_exact)
            and len(accepted) == len(batch.rows)
            and all(item.head is None for item in accepted)
            and not applier.product_updates
        )

    def unlikely(self) -> None:
        self._is_likely = False
        self.product_ids = {}

    def forget(self) -> None:
        self.product_ids = {}

    def doubt(self) -> bool:
        """Whether the batch that the database refused was one that was foreseen."""
        relied_on, self._is_relied_on = self._is_relied_on, False
        if relied_on:
            self._is_allowed = self._is_likely = False
        return relied_on
