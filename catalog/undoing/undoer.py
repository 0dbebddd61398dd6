"""The undo of a catalog upload, step by step, in the order in which nothing stands in the way.

What the file created goes first, so that SKUs and EANs are free again. Then the upload's changes
are taken back from the newest on, as they were made. Products it created come last: by then the
variants that had moved into them are back where they were.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from bulk_sql import tables
from bulk_uploads.undoers import Cursor, UndoContext, UndoStep
from catalog.models import Action, Departure, ObjectKind, ProductDecision
from catalog.undoing.creations import remove_created_products, remove_created_variants
from catalog.undoing.forecast import forecast
from catalog.undoing.kept import in_words
from catalog.undoing.leftovers import remove_leftovers
from catalog.undoing.products import bring_back_products, reverse_products
from catalog.undoing.reversing import Reversing, UploadChange, newest_changes
from catalog.undoing.variants import reverse_variants
from catalog.writing.context import Actor, WriteContext
from catalog.writing.taxonomy import Taxonomy

#: SQLite's one writer is shared with people: what a step takes must be done in a moment.
_ROWS_AT_ONCE = {"sqlite": 200, "postgresql": 1_000}
#: An import applies no more rows at once; changes it made at once are taken back at once.
_MOST_ROWS = 2_000

_CREATED, _CHANGED, _PRODUCTS, _LEFT = "created", "changed", "products", "left"
_NEXT = {_CREATED: _CHANGED, _CHANGED: _PRODUCTS, _PRODUCTS: _LEFT}


@dataclass(frozen=True, slots=True)
class CatalogUndoer:
    """The cursor names the part and, in it, the last row, change or product that is done with."""

    upload_id: int
    account_id: int

    @property
    def _rows(self) -> int:
        return _ROWS_AT_ONCE[connection.vendor]

    def forecast(self) -> Sequence[str]:
        return forecast(upload_id=self.upload_id, account_id=self.account_id)

    def step(self, *, cursor: Cursor, context: UndoContext) -> UndoStep:
        part, done = (cursor["part"], cursor["done"]) if cursor else (_CREATED, None)
        reversing = self._reversing(context)
        last = self._take(reversing, part, done)
        outcome = reversing.outcome
        is_over = last is None and part == _LEFT
        following = part if last is not None else _NEXT.get(part, part)
        return UndoStep(
            cursor={"part": following, "done": last},
            restored=outcome.restored,
            removed=outcome.removed,
            kept=in_words(self.account_id, outcome.kept),
            done=is_over,
        )

    def _reversing(self, context: UndoContext) -> Reversing:
        actor = Actor(user_id=context.user_id, token_id=context.token_id, undo_of=self.upload_id)
        return Reversing(
            context=WriteContext(self.account_id, actor, context.now, tables()),
            taxonomy=Taxonomy(),
            upload_id=self.upload_id,
            leaves_no_trace=context.leaves_no_trace,
        )

    def _take(self, reversing: Reversing, part: str, done: int | None) -> int | None:
        """How far the part is now; None if nothing of it is left."""
        if part == _CREATED:
            return remove_created_variants(reversing, after=done or 0, limit=self._rows)
        if part == _CHANGED:
            return self._reverse(reversing, before=done)
        if part == _PRODUCTS:
            return remove_created_products(reversing, after=done or 0, limit=self._rows)
        return self._forget_memory(reversing)

    def _reverse(self, reversing: Reversing, *, before: int | None) -> int | None:
        changes = self._next_changes(before)
        if not changes:
            return None
        of_products = [change for change in changes if change.kind is ObjectKind.PRODUCT]
        bring_back_products(
            reversing, [change for change in of_products if change.action is Action.DELETED]
        )
        reverse_products(
            reversing, [change for change in of_products if change.action is Action.UPDATED]
        )
        reverse_variants(
            reversing, [change for change in changes if change.kind is ObjectKind.VARIANT]
        )
        return changes[-1].id

    def _next_changes(self, before: int | None) -> list[UploadChange]:
        """At most one change of each object; EANs that changed hands at once go back at once."""
        changes = newest_changes(self.upload_id, before=before, limit=self._rows)
        if len(changes) == self._rows and any(
            "gtin" in change.fields for change in changes if change.at == changes[-1].at
        ):
            more = newest_changes(self.upload_id, before=changes[-1].id, limit=_MOST_ROWS)
            at = changes[-1].at
            changes += [change for change in more if change.at == at]
        seen: set[tuple[ObjectKind, int]] = set()
        for place, change in enumerate(changes):
            if (change.kind, change.object_id) in seen:
                return changes[:place]
            seen.add((change.kind, change.object_id))
        return changes

    def _forget_memory(self, reversing: Reversing) -> int | None:
        """What the upload remembered of its rows, and (leaving no trace) made besides them."""
        Departure.objects.filter(upload_id=self.upload_id)._raw_delete("default")
        if not reversing.leaves_no_trace:
            return None
        decided = ProductDecision.objects.filter(upload_id=self.upload_id)
        keys = list(decided.values_list("product_key", flat=True)[:_MOST_ROWS])
        if keys:
            decided.filter(product_key__in=keys)._raw_delete("default")
            return 0
        return 0 if remove_leftovers(reversing, limit=_MOST_ROWS) else None
