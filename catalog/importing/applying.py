"""Writing what a batch's accepted rows say: products first, then their variants."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bulk_uploads.models import Outcome
from bulk_uploads.processors import BatchResult, RowOutcome
from catalog.importing.foreseeing import Foreseen
from catalog.importing.header_plan import HeaderPlan
from catalog.importing.judging import Accepted
from catalog.importing.new_rows import NewRows, new_product, new_variants, product_digest
from catalog.writing import products, variants
from catalog.writing.context import WriteContext
from catalog.writing.digests import refresh_digests
from catalog.writing.drafts import ProductDraft
from catalog.writing.new_variants import create_variants
from catalog.writing.products import StoredProduct
from catalog.writing.taxonomy import Taxonomy


class VariantVanished(Exception):
    """A variant was deleted between looking it up and locking it: the batch must be judged anew."""


@dataclass(slots=True)
class BatchApplier:
    """The effects of one batch, inside its transaction."""

    context: WriteContext
    plan: HeaderPlan
    taxonomy: Taxonomy
    upload_id: int
    use_digests: bool
    #: What existing rows came to, for whoever wants to tell of it.
    product_updates: Sequence[products.ProductUpdate] = ()
    variant_updates: Sequence[variants.VariantUpdate] = ()
    #: Of the batch's products, by their keys.
    product_ids: dict[str, int] = field(default_factory=dict)
    _changed_products: set[str] = field(default_factory=set)

    def apply(self, accepted: Sequence[Accepted], result: BatchResult) -> None:
        self._find_products(accepted)
        self._create_products(accepted)
        self._update_products(accepted)
        # Updates first: a GTIN that an existing variant gives up may be a new one's.
        self._update_variants(accepted, result)
        self._create_variants(accepted, result)

    def apply_foreseen(self, foreseen: Foreseen, product_ids: Mapping[str, int]) -> BatchResult:
        """Rows that are all new; those of their products that are not have these ids."""
        result = BatchResult(issues=[*foreseen.issues])
        drafts = foreseen.products
        ids = products.create_products(self.context, self.taxonomy, list(drafts.values()))
        self.product_ids.update({key: product_ids[key] for key in foreseen.relied_on})
        self.product_ids.update(zip(drafts, ids, strict=True))
        self._write_variants(foreseen.variants, result)
        return result

    def _find_products(self, accepted: Sequence[Accepted]) -> None:
        for item in accepted:
            if item.head is not None:
                self.product_ids[item.head.product_key] = item.head.product_id
        wanted = {item.product_key for item in accepted} - self.product_ids.keys()
        if wanted:
            tables = self.context.tables
            self.product_ids.update(
                tables.select(
                    "SELECT key, id FROM catalog_product "  # noqa: S608 - our own names
                    f"WHERE account_id = %s AND key {tables.in_list}",
                    [self.context.account_id, tables.among(wanted)],
                )
            )

    def _create_products(self, accepted: Sequence[Accepted]) -> None:
        """The first row of a new product makes it; one that moves brings its product's values."""
        makers: dict[str, Accepted] = {}
        for item in accepted:
            if item.product_key not in self.product_ids:
                makers.setdefault(item.product_key, item)
        if not makers:
            return
        sources = products.load_products(
            self.context, sorted({item.head.product_id for item in makers.values() if item.head})
        )
        deciding = {item.product_key: item for item in accepted if item.decides}
        drafts = []
        for item in makers.values():
            draft = new_product(self.plan, item, use_digests=self.use_digests)
            if item.head is not None:
                _inherit(draft, item, sources, deciding.get(item.head.product_key))
            drafts.append(draft)
        ids = products.create_products(self.context, self.taxonomy, drafts)
        self.product_ids.update(zip(makers, ids, strict=True))
        self._changed_products |= makers.keys()

    def _digest(self, item: Accepted) -> bytes | None:
        return product_digest(self.plan, item, use_digests=self.use_digests)

    def _update_products(self, accepted: Sequence[Accepted]) -> None:
        deciding = {
            self.product_ids[item.product_key]: item
            for item in accepted
            if item.decides and item.product_key not in self._changed_products
        }
        settled = {
            product_id
            for product_id, item in deciding.items()
            if item.head
            and item.head.product_id == product_id
            and item.head.product_digest is not None
            and item.head.product_digest == self._digest(item)
        }
        stored = products.load_products(self.context, sorted(deciding.keys() - settled))
        updates = []
        for product_id, product in stored.items():
            item = deciding[product_id]
            draft = item.read.product
            draft.key = product.key
            draft.digest = self._digest(item)
            updates.append(products.compare(product, draft))
        self.product_updates = updates
        products.update_products(self.context, self.taxonomy, updates)
        refresh_digests(self.context, updates)
        self._changed_products |= {update.stored.key for update in updates if update.fields}

    def _create_variants(self, accepted: Sequence[Accepted], result: BatchResult) -> None:
        new = [item for item in accepted if item.head is None]
        self._write_variants(new_variants(new, use_digests=self.use_digests), result)

    def _write_variants(self, new: Iterable[NewRows], result: BatchResult) -> None:
        for items, columns in new:
            columns.product_ids = [self.product_ids[item.product_key] for item in items]
            ids = create_variants(self.context, columns)
            result.outcomes += [
                RowOutcome(item.row.number, item.read.sku, Outcome.CREATED, variant_id)
                for item, variant_id in zip(items, ids, strict=True)
            ]

    def _update_variants(self, accepted: Sequence[Accepted], result: BatchResult) -> None:
        existing = {item.head.id: item for item in accepted if item.head is not None}
        with_media = bool(self.plan.galleries)
        stored = variants.load_variants(self.context, sorted(existing), with_media=with_media)
        if len(stored) != len(existing):
            raise VariantVanished(f"{len(existing) - len(stored)} variants were deleted meanwhile")
        updates = []
        for variant_id, item in existing.items():
            draft = item.read.variant_draft()
            if not self.use_digests:
                draft.digest = None
            product_id = self.product_ids[item.product_key]
            key_before = item.head.product_key if item.head else ""
            update = variants.compare(
                stored[variant_id], draft, product=(product_id, key_before, item.product_key)
            )
            updates.append(update)
            changed = update.fields or (item.decides and item.product_key in self._changed_products)
            outcome = Outcome.UPDATED if changed else Outcome.UNCHANGED
            result.outcomes.append(RowOutcome(item.row.number, draft.sku, outcome, variant_id))
        self.variant_updates = updates
        self._note_departures(updates)
        variants.update_variants(self.context, updates)
        refresh_digests(self.context, updates)

    def _note_departures(self, updates: Sequence[variants.VariantUpdate]) -> None:
        moved = [
            (self.upload_id, update.stored.product_id, update.stored.id)
            for update in updates
            if update.product_id != update.stored.product_id
        ]
        if moved:
            self.context.tables.insert(
                "catalog_departure", ("upload_id", "from_product_id", "variant_id"), moved
            )


def _inherit(
    draft: ProductDraft,
    item: Accepted,
    sources: dict[int, StoredProduct],
    decider: Accepted | None,
) -> None:
    """What the row leaves open is as the product it moves from has it at that row.

    `decider` is the row of this batch, if any, that decides the source product: it counts if it
    comes before.
    """
    said: list[ProductDraft | StoredProduct] = []
    if decider is not None and decider.row.number < item.row.number:
        said.append(decider.read.product)
    if item.head is not None and item.head.product_id in sources:
        said.append(sources[item.head.product_id])
    for name in ("name", "category", "tags", "collections"):
        for source in said:
            if getattr(draft, name) is None:
                setattr(draft, name, getattr(source, name))
