"""Judging a batch ahead, on the presumption that nothing it is about is in the catalog yet.

On a first import that is so, and asking for every key costs time in which the database could
write. Nothing rests on the presumption: where it is wrong a unique constraint refuses the batch,
which is then looked up and judged like any other. So only a batch is foreseen of which every row
creates a variant; one with a row that fails might fail it for being new.
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field

from bulk_uploads.processors import Issue
from catalog.importing import damage
from catalog.importing.decisions import Decision, Decisions
from catalog.importing.gtins import GtinOwners
from catalog.importing.header_plan import HeaderPlan
from catalog.importing.judging import Accepted, Judge
from catalog.importing.looking_up import Known
from catalog.importing.new_rows import NewRows, new_product, new_variants
from catalog.importing.row_reading import RowReader
from catalog.importing.rows import FileRow
from catalog.writing.drafts import ProductDraft


@dataclass(frozen=True, slots=True)
class Foreseen:
    """A batch that creates a variant for each row, ready to be written.

    It holds if the decisions it relied on are those of the batch before, none of its own products
    was decided there, and no SKU of the catalog is one `with_zeros`: what a spreadsheet may have
    made one of its keys of.
    """

    products: Mapping[str, ProductDraft]
    variants: Sequence[NewRows]
    issues: Sequence[Issue]
    decisions: Decisions
    relied_on: Mapping[str, Decision]
    with_zeros: Set[str]

    def follows(self, before: Decisions) -> bool:
        """Whether the batch before decided what this one took for decided, and no more."""
        return all(
            before.of(key) == self.relied_on.get(key)
            for key in self.products.keys() | self.relied_on.keys()
        )


@dataclass(slots=True)
class Foreseer:
    """Takes the batches of a pass in their order. It never touches the database."""

    plan: HeaderPlan
    reader: RowReader
    upload_id: int
    use_digests: bool
    #: Decisions that the last batch came upon: products mostly go on from one to the next.
    _standing: Mapping[str, Decision] = field(default_factory=dict)

    def foresee(self, rows: Sequence[FileRow]) -> Foreseen | None:
        """None where some row does not simply create a variant."""
        stated = {key for row in rows if (key := self.plan.stated_key(row.product_cells))}
        relied_on = {key: self._standing[key] for key in stated & self._standing.keys()}
        decisions = Decisions(self.plan, self.upload_id, is_dry=False)
        decisions.take_over(relied_on)
        judge = Judge(
            plan=self.plan,
            reader=self.reader,
            rows=rows,
            known=Known(GtinOwners(upload_id=self.upload_id, heads={})),
            decisions=decisions,
            use_digests=self.use_digests,
        )
        judgement = judge.judge()
        self._standing = decisions.known
        if len(judgement.accepted) < len(rows):
            return None
        with_zeros = {
            text for sku in damage.maybe_damaged(rows) for text in damage.keys_with_zeros(sku)
        }
        return Foreseen(
            products=self._products(judgement.accepted, relied_on),
            variants=list(new_variants(judgement.accepted, use_digests=self.use_digests)),
            issues=judgement.result.issues,
            decisions=decisions,
            relied_on=relied_on,
            with_zeros=with_zeros,
        )

    def _products(
        self, accepted: Sequence[Accepted], decided: Mapping[str, Decision]
    ) -> dict[str, ProductDraft]:
        """The first row of a new product makes it."""
        drafts: dict[str, ProductDraft] = {}
        for item in accepted:
            if item.product_key not in decided and item.product_key not in drafts:
                drafts[item.product_key] = new_product(
                    self.plan, item, use_digests=self.use_digests
                )
        return drafts
