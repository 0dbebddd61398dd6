"""Giving variants back what they were before an upload, where nobody has touched it since."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from catalog.models import ObjectKind
from catalog.undoing.kept import Kept, Reason, changed_since
from catalog.undoing.later_changes import NONE, WHOLE, LaterChanges
from catalog.undoing.reversing import Reversing, UploadChange
from catalog.writing import variants
from catalog.writing.drafts import VALUE_COLUMNS, VariantDraft
from catalog.writing.variants import StoredVariant

#: Fields that are one thing to a person: what stands against one stands against the other.
_TIED = (("ean", "gtin"), ("product", "product_id"))


@dataclass(slots=True)
class _Reversal:
    """`back` are the fields to restore and what they were."""

    change: UploadChange
    stored: StoredVariant
    is_untouched: bool
    back: dict[str, Any]
    reasons: list[Reason] = field(default_factory=list)

    def keep(self, fields: Sequence[str], reason: Reason) -> None:
        for name in fields:
            self.back.pop(name, None)
        self.reasons.append(reason)


def reverse_variants(reversing: Reversing, changes: Sequence[UploadChange]) -> None:
    """`changes` are updates, at most one of each variant. A fixed number of queries."""
    if not changes:
        return
    ids = [change.object_id for change in changes]
    since = min(change.id for change in changes)
    later = reversing.later(ObjectKind.VARIANT, ids, after=since - 1)
    own = reversing.own("catalog_variant", ids)
    with_media = any(name.startswith("media.") for change in changes for name in change.fields)
    stored = variants.load_variants(
        reversing.context, sorted(set(ids) - own), with_media=with_media
    )
    _keep_deleted(
        reversing, [change for change in changes if change.object_id not in stored], later
    )
    reversals = [
        _reversal(change, stored[change.object_id], later.get(change.object_id, NONE))
        for change in changes
        if change.object_id in stored
    ]
    keys = _product_keys(reversing, reversals)
    _keep_where_products_are_gone(reversals, keys)
    _keep_where_eans_are_taken(reversing, reversals)
    _write(reversing, reversals, keys, since=since)


def _keep_deleted(
    reversing: Reversing, missing: Sequence[UploadChange], later: dict[int, LaterChanges]
) -> None:
    """What somebody else has removed is told of; what this undo has removed is not missed."""
    for change in missing:
        gone = later.get(change.object_id, NONE).newest(WHOLE, after=change.id)
        if gone is not None:
            key = gone.label or f"variant {change.object_id}"
            reasons = changed_since([(WHOLE, gone)])
            reversing.outcome.kept.append(Kept(change.row, key, reasons))


def _reversal(change: UploadChange, stored: StoredVariant, later: LaterChanges) -> _Reversal:
    back = {name: values[0] for name, values in change.fields.items()}
    against = {
        name: found for name in back if (found := later.newest(name, after=change.id)) is not None
    }
    for names in _TIED:
        found = next((against[name] for name in names if name in against), None)
        if found is not None:
            against |= {name: found for name in names if name in back}
    is_untouched = not any(found.id > change.id for found in later.fields().values())
    reversal = _Reversal(change, stored, is_untouched, back)
    for reason in changed_since(against.items()):
        reversal.keep([reason.field], reason)
    if "product" in reversal.back and "product_id" not in reversal.back:
        reversal.keep(["product"], Reason("product", "not_recorded", detail=_NOT_RECORDED))
    return reversal


_NOT_RECORDED = "It moved before moves could be taken back."


def _product_keys(reversing: Reversing, reversals: Sequence[_Reversal]) -> dict[int, str]:
    """Of the products that variants stand in now and those they go back to."""
    ids = {
        product_id
        for reversal in reversals
        if "product_id" in reversal.back
        for product_id in (reversal.stored.product_id, reversal.back["product_id"])
    }
    if not ids:
        return {}
    tables = reversing.context.tables
    rows = tables.select(
        "SELECT id, key FROM catalog_product "  # noqa: S608 - our own names
        f"WHERE +account_id = %s AND id {tables.in_list}",
        [reversing.account_id, tables.among(ids)],
    )
    return dict(rows)


def _keep_where_products_are_gone(reversals: Sequence[_Reversal], keys: dict[int, str]) -> None:
    for reversal in reversals:
        former = reversal.back.get("product_id")
        if former is not None and former not in keys:
            was = reversal.back["product"]
            detail = f"The product it came from, {was}, is not there any more."
            reversal.keep(
                ["product", "product_id"], Reason("product", "product_gone", None, detail)
            )


def _keep_where_eans_are_taken(reversing: Reversing, reversals: Sequence[_Reversal]) -> None:
    """A GTIN goes back unless a variant holds it that does not give it up in this very step."""
    holders = _holders(reversing, reversals)
    by_id = {reversal.stored.id: reversal for reversal in reversals}
    while True:
        taken: list[tuple[_Reversal, str]] = []
        claimed: dict[str, str] = {}
        for reversal in reversals:
            wanted = reversal.back.get("gtin")
            if not wanted:
                continue
            holder, sku = holders.get(wanted, (reversal.stored.id, ""))
            if holder != reversal.stored.id and not _gives_up(by_id.get(holder), wanted):
                taken.append((reversal, sku))
            elif wanted in claimed:
                taken.append((reversal, claimed[wanted]))
            else:
                claimed[wanted] = reversal.stored.sku
        if not taken:
            return
        for reversal, sku in taken:
            detail = f"The EAN {reversal.back['ean']} belongs to {sku} now."
            reversal.keep(["ean", "gtin"], Reason("ean", "ean_taken", None, detail))


def _holders(reversing: Reversing, reversals: Sequence[_Reversal]) -> dict[str, tuple[int, str]]:
    """Who holds the GTINs that shall go back: (id, SKU)."""
    wanted = {gtin for reversal in reversals if (gtin := reversal.back.get("gtin"))}
    if not wanted:
        return {}
    tables = reversing.context.tables
    rows = tables.select(
        "SELECT gtin, id, sku FROM catalog_variant "  # noqa: S608 - our own names
        f"WHERE account_id = %s AND gtin {tables.in_list}",
        [reversing.account_id, tables.among(wanted)],
    )
    return {gtin: (pk, sku) for gtin, pk, sku in rows}


def _gives_up(holder: _Reversal | None, gtin: str) -> bool:
    return holder is not None and "gtin" in holder.back and holder.back["gtin"] != gtin


def _write(
    reversing: Reversing, reversals: Sequence[_Reversal], keys: dict[int, str], *, since: int
) -> None:
    updates = []
    for reversal in reversals:
        stored = reversal.stored
        target = reversal.back.get("product_id", stored.product_id)
        product = (target, keys.get(stored.product_id, ""), keys.get(target, ""))
        updates.append(variants.compare(stored, _draft(reversal), product=product))
    variants.update_variants(reversing.context, updates)
    outcome = reversing.outcome
    for reversal in reversals:
        if reversal.reasons:
            kept = Kept(reversal.change.row, reversal.stored.sku, reversal.reasons)
            outcome.kept.append(kept)
        else:
            outcome.restored += 1
    clean = [r.stored.id for r in reversals if r.is_untouched and not r.reasons]
    reversing.forget(ObjectKind.VARIANT, clean, since=since)


def _draft(reversal: _Reversal) -> VariantDraft:
    """What the variant was, of all that goes back."""
    draft = VariantDraft(sku=reversal.stored.sku)
    for name, was in reversal.back.items():
        kind, *ids = name.split(".")
        if name in VALUE_COLUMNS:
            draft.values[name] = was
        elif kind == "attributes":
            draft.attributes[ids[0]] = was
        elif kind == "media":
            draft.media[int(ids[0])] = was or []
        elif kind == "property_sets" and len(ids) == 1:
            draft.lists[ids[0]] = was
        elif kind == "property_sets":
            draft.tables.setdefault(ids[0], {})[ids[1]] = was
    return draft
