"""Giving products back what they were before an upload, and bringing back those it removed."""

from collections.abc import Collection, Sequence

from catalog.models import ObjectKind
from catalog.undoing.kept import Kept, Reason, changed_since
from catalog.undoing.later_changes import NONE, WHOLE, LaterChanges
from catalog.undoing.reversing import Reversing, UploadChange
from catalog.writing import products
from catalog.writing.drafts import ProductDraft
from catalog.writing.products import ProductUpdate, StoredProduct
from catalog.writing.restoring import restore_products


def bring_back_products(reversing: Reversing, changes: Sequence[UploadChange]) -> None:
    """`changes` are removals. What now has the key of a removed product keeps it."""
    if not changes:
        return
    taken = _holders_of_keys(reversing, {change.fields["key"] for change in changes})
    back = {}
    for change in changes:
        key = change.fields["key"]
        if key in taken:
            reason = Reason(WHOLE, "key_taken", None, f"Another product is called {key} now.")
        elif "uuid" not in change.fields:
            reason = Reason(WHOLE, "not_recorded", None, _NOT_RECORDED)
        else:
            back[change.object_id] = change.fields
            continue
        reversing.outcome.kept.append(Kept(change.row, key, [reason]))
    restore_products(reversing.context, reversing.taxonomy, back)
    reversing.outcome.restored += len(back)
    reversing.forget(ObjectKind.PRODUCT, back, since=min(change.id for change in changes))


_NOT_RECORDED = "It was removed before removals could be taken back."


def reverse_products(reversing: Reversing, changes: Sequence[UploadChange]) -> None:
    """`changes` are updates, at most one of each product. A fixed number of queries."""
    if not changes:
        return
    ids = [change.object_id for change in changes]
    since = min(change.id for change in changes)
    later = reversing.later(ObjectKind.PRODUCT, ids, after=since - 1)
    own = reversing.own("catalog_product", ids)
    stored = products.load_products(reversing.context, sorted(set(ids) - own))
    keys = {change.fields["key"][0] for change in changes if "key" in change.fields}
    holders = _holders_of_keys(reversing, keys)
    updates, clean = [], []
    for change in changes:
        others = later.get(change.object_id, NONE)
        if change.object_id not in stored:
            _keep_if_deleted(reversing, change, others)
            continue
        product = stored[change.object_id]
        draft, reasons = _draft(change, product, others, holders)
        updates.append(products.compare(product, draft))
        if reasons:
            reversing.outcome.kept.append(Kept(change.row, product.key, reasons))
        else:
            reversing.outcome.restored += 1
            if not any(found.id > change.id for found in others.fields().values()):
                clean.append(product.id)
    _write(reversing, updates)
    reversing.forget(ObjectKind.PRODUCT, clean, since=since)


def _write(reversing: Reversing, updates: Sequence[ProductUpdate]) -> None:
    products.update_products(reversing.context, reversing.taxonomy, updates)


def _keep_if_deleted(reversing: Reversing, change: UploadChange, later: LaterChanges) -> None:
    gone = later.newest(WHOLE, after=change.id)
    if gone is not None:
        key = gone.label or f"product {change.object_id}"
        reversing.outcome.kept.append(Kept(change.row, key, changed_since([(WHOLE, gone)])))


def _draft(
    change: UploadChange,
    stored: StoredProduct,
    later: LaterChanges,
    holders: dict[str, int],
) -> tuple[ProductDraft, list[Reason]]:
    """What goes back, and why the rest does not."""
    against = [
        (name, found)
        for name in change.fields
        if (found := later.newest(name, after=change.id)) is not None
    ]
    reasons = changed_since(against)
    blocked = {name for name, _ in against}
    draft = ProductDraft(key=stored.key)
    for name, (was, _) in change.fields.items():
        if name in blocked:
            continue
        if name == "key" and holders.get(was, stored.id) != stored.id:
            detail = f"Another product is called {was} now."
            reasons.append(Reason("key", "key_taken", None, detail))
        else:
            setattr(draft, name, was)
    return draft, reasons


def _holders_of_keys(reversing: Reversing, keys: Collection[str]) -> dict[str, int]:
    if not keys:
        return {}
    tables = reversing.context.tables
    rows = tables.select(
        "SELECT key, id FROM catalog_product "  # noqa: S608 - our own names
        f"WHERE account_id = %s AND key {tables.in_list}",
        [reversing.account_id, tables.among(keys)],
    )
    return dict(rows)
