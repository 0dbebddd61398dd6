"""Updating and removing variants, many at once, each change logged and stamped."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import orjson

from bulk_sql.numbers import plain_number
from catalog.models import Action, ObjectKind
from catalog.stock.levels import remove_levels
from catalog.writing.changes import ChangeEntry, log_changes
from catalog.writing.context import WriteContext
from catalog.writing.drafts import DECIMAL_COLUMNS, VALUE_COLUMNS, VariantDraft
from catalog.writing.media import replace_links

_STAMP_COLUMNS = ("digest", "digest_change_id", "last_change_id", "updated_at")
_STATE_COLUMNS = (
    "id",
    "sku",
    "product_id",
    "last_change_id",
    "digest_change_id",
    *VALUE_COLUMNS,
    "attributes",
    "property_sets",
)
_FIRST_VALUE = 5


@dataclass(slots=True)
class StoredVariant:
    """A variant as it stands, locked until the transaction ends where the database can."""

    id: int
    sku: str
    product_id: int
    last_change_id: int | None
    digest_is_valid: bool
    values: dict[str, Any]
    attributes: dict[str, str]
    property_sets: dict[str, Any]
    media: dict[int, list[str]] = field(default_factory=dict)


@dataclass(slots=True)
class VariantUpdate:
    """What a draft comes to against the stored variant; no `fields` means nothing changes."""

    stored: StoredVariant
    draft: VariantDraft
    product_id: int
    fields: dict[str, list[Any]]
    values: dict[str, Any]
    attributes: dict[str, str]
    property_sets: dict[str, Any]
    media: dict[int, list[str]]


def load_variants(
    context: WriteContext, ids: Sequence[int], *, with_media: bool
) -> dict[int, StoredVariant]:
    """Lock these variants in id order and read all of them that a draft may change."""
    if not ids:
        return {}
    tables = context.tables
    names = ", ".join(_STATE_COLUMNS)
    # The plus keeps SQLite from walking the whole account by its index: ids are found at once.
    rows = tables.select(
        f"SELECT {names} FROM catalog_variant WHERE +account_id = %s "  # noqa: S608 - our own names
        f"AND id {tables.in_list} ORDER BY id {tables.for_update}",
        [context.account_id, tables.among(ids)],
    )
    found = {row[0]: _stored(row) for row in rows}
    if with_media and found:
        for variant_id, set_id, url in tables.select(
            "SELECT l.variant_id, l.property_set_id, a.url "  # noqa: S608 - our own names
            "FROM catalog_medialink l JOIN catalog_mediaasset a ON a.id = l.asset_id "
            f"WHERE l.variant_id {tables.in_list} "
            "ORDER BY l.variant_id, l.property_set_id, l.position",
            [tables.among(list(found))],
        ):
            found[variant_id].media.setdefault(set_id, []).append(url)
    return found


def _stored(row: Sequence[Any]) -> StoredVariant:
    values = dict(zip(VALUE_COLUMNS, row[_FIRST_VALUE:], strict=False))
    for name in DECIMAL_COLUMNS:
        number = values[name]
        if number is not None:
            values[name] = plain_number(number)
    values["active"] = bool(values["active"])
    return StoredVariant(
        id=row[0],
        sku=row[1],
        product_id=row[2],
        last_change_id=row[3],
        digest_is_valid=row[3] == row[4],
        values=values,
        attributes=_document(row[-2]),
        property_sets=_document(row[-1]),
    )


def _document(value: Any) -> dict[str, Any]:
    """A JSON column read without Django's field: text, or already decoded."""
    decoded = orjson.loads(value) if isinstance(value, str) else value
    return decoded if isinstance(decoded, dict) else {}


def compare(
    stored: StoredVariant, draft: VariantDraft, *, product: tuple[int, str, str]
) -> VariantUpdate:
    """`product` is the id the variant shall have, and the keys it moves from and to."""
    fields: dict[str, list[Any]] = {}
    values = {}
    for name, value in draft.values.items():
        before = stored.values[name]
        if before != value and not (name in DECIMAL_COLUMNS and _same_number(before, value)):
            fields[name] = [before, value]
            values[name] = value
    attributes = _merge(stored.attributes, draft.attributes, "attributes", fields)
    property_sets = _merge_sets(stored.property_sets, draft, fields)
    media = {}
    for set_id, urls in draft.media.items():
        before = stored.media.get(set_id, [])
        if before != urls:
            fields[f"media.{set_id}"] = [before, urls]
            media[set_id] = urls
    product_id, key_before, key_after = product
    if product_id != stored.product_id:
        fields["product"] = [key_before, key_after]
        # Keys can pass to other products; an undo must know which product it was.
        fields["product_id"] = [stored.product_id, product_id]
    return VariantUpdate(
        stored=stored,
        draft=draft,
        product_id=product_id,
        fields=fields,
        values=values,
        attributes=attributes,
        property_sets=property_sets,
        media=media,
    )


def _same_number(before: Any, after: Any) -> bool:
    """10325 and 10325.00 are one number."""
    return before is not None and after is not None and Decimal(before) == Decimal(after)


def _merge(
    before: dict[str, Any], draft: dict[str, Any], prefix: str, fields: dict[str, list[Any]]
) -> dict[str, Any]:
    """The document with the draft's entries in it; what changed is put into `fields`."""
    after = before
    for key, given in draft.items():
        # A list that was given without an item is none.
        value = given or None
        old = before.get(key)
        if old == value:
            continue
        if after is before:
            after = dict(before)
        fields[f"{prefix}.{key}"] = [old, value]
        if value is None:
            after.pop(key, None)
        else:
            after[key] = value
    return after


def _merge_sets(
    before: dict[str, Any], draft: VariantDraft, fields: dict[str, list[Any]]
) -> dict[str, Any]:
    after = _merge(before, draft.lists, "property_sets", fields)
    for set_id, entries in draft.tables.items():
        stored_entries = before.get(set_id, {})
        merged = _merge(stored_entries, entries, f"property_sets.{set_id}", fields)
        if merged is stored_entries:
            continue
        if after is before:
            after = dict(before)
        if merged:
            after[set_id] = merged
        else:
            after.pop(set_id, None)
    return after


def _json(document: dict[str, Any]) -> str:
    return orjson.dumps(document).decode() if document else "{}"


def update_variants(context: WriteContext, updates: Sequence[VariantUpdate]) -> None:
    """Write the updates that change something, in one statement, in the order given."""
    changed = [update for update in updates if update.fields]
    if not changed:
        return
    changes = log_changes(
        context,
        ObjectKind.VARIANT,
        Action.UPDATED,
        [
            ChangeEntry(
                object_id=update.stored.id,
                fields=update.fields,
                row=update.draft.row,
            )
            for update in changed
        ],
    )
    # A GTIN may go from one variant of the batch to another: all are given up first.
    free_gtins(
        context,
        [
            update.stored.id
            for update in changed
            if "gtin" in update.values and update.stored.values["gtin"] is not None
        ],
    )
    _write(context, changed, changes)
    replace_links(
        context,
        [
            (update.stored.id, set_id, urls)
            for update in changed
            for set_id, urls in update.media.items()
        ],
    )


def free_gtins(context: WriteContext, variant_ids: Sequence[int]) -> None:
    """Take their GTINs from variants whose change is written, or rolled back, right afterwards."""
    if not variant_ids:
        return
    tables = context.tables
    tables.execute(
        "UPDATE catalog_variant SET gtin = NULL, ean = '' "  # noqa: S608 - our own names
        f"WHERE id {tables.in_list}",
        [tables.among(variant_ids)],
    )


def _write(context: WriteContext, changed: Sequence[VariantUpdate], changes: Sequence[int]) -> None:
    """One statement whatever changed: each row writes every column that any of them changes."""
    touched = {name for update in changed for name in update.values}
    columns = [name for name in VALUE_COLUMNS if name in touched]
    with_attributes = any(u.attributes is not u.stored.attributes for u in changed)
    with_sets = any(u.property_sets is not u.stored.property_sets for u in changed)
    with_product = any(u.product_id != u.stored.product_id for u in changed)
    now = context.tables.moment(context.now)
    rows = []
    for update, change_id in zip(changed, changes, strict=True):
        row: list[Any] = [update.stored.id]
        row += [update.values.get(name, update.stored.values[name]) for name in columns]
        if with_attributes:
            row.append(_json(update.attributes))
        if with_sets:
            row.append(_json(update.property_sets))
        if with_product:
            row.append(update.product_id)
        digest_change = change_id if update.draft.digest is not None else None
        row += [update.draft.digest, digest_change, change_id, now]
        rows.append(row)
    names = [
        *columns,
        *(["attributes"] if with_attributes else []),
        *(["property_sets"] if with_sets else []),
        *(["product_id"] if with_product else []),
        *_STAMP_COLUMNS,
    ]
    context.tables.update("catalog_variant", names, rows)


def remove_variants(context: WriteContext, stored: Sequence[StoredVariant]) -> None:
    """Remove variants with their links and stock; change and movements hold all they were."""
    if not stored:
        return
    log_changes(
        context,
        ObjectKind.VARIANT,
        Action.DELETED,
        [
            ChangeEntry(object_id=variant.id, fields=snapshot(variant), label=variant.sku)
            for variant in stored
        ],
    )
    tables = context.tables
    remove_levels(context, [variant.id for variant in stored])
    ids = tables.among([variant.id for variant in stored])
    for table, column in (("catalog_medialink", "variant_id"), ("catalog_variant", "id")):
        tables.execute(f"DELETE FROM {table} WHERE {column} {tables.in_list}", [ids])  # noqa: S608 - our own names


def snapshot(stored: StoredVariant) -> dict[str, Any]:
    """Everything a variant is, for the change that tells of its deletion."""
    return {
        "sku": stored.sku,
        "product_id": stored.product_id,
        **stored.values,
        "attributes": stored.attributes,
        "property_sets": stored.property_sets,
        "media": {str(set_id): urls for set_id, urls in stored.media.items()},
    }
