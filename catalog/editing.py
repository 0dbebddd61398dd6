"""Edits of one product or variant, by a person or a program, through the one write path."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import TypeVar

from django.db import IntegrityError, transaction

from bulk_sql import tables
from catalog.errors import EditRejected
from catalog.file_format import cells, gtin
from catalog.file_format.cells import CellError, NumberFormat
from catalog.models import Product
from catalog.writing import products, variants
from catalog.writing.context import Actor, WriteContext
from catalog.writing.drafts import NewVariants, ProductDraft, Value, VariantDraft
from catalog.writing.new_variants import create_variants
from catalog.writing.taxonomy import Taxonomy
from jobs import clock

T = TypeVar("T")
_LONGEST_TEXT = {
    "display_name": 500,
    "description": 1_000_000,
    "tax_number": 100,
    "tax_rate": 100,
}
_PLACES = {
    "price": (14, 4),
    "list_price": (14, 4),
    "length_mm": (13, 3),
    "width_mm": (13, 3),
    "height_mm": (13, 3),
    "weight_g": (13, 3),
}
#: Numbers from forms and requests are decimals already; a file's currency signs do not arise.
_PLAIN_NUMBERS = NumberFormat(currency="")


def edit_variant(
    *,
    account_id: int,
    actor: Actor,
    variant_id: int,
    product_id: int | None = None,
    values: Mapping[str, object] | None = None,
    attributes: Mapping[int, str] | None = None,
    tables: Mapping[int, Mapping[int, Sequence[str]]] | None = None,
    lists: Mapping[int, Sequence[str]] | None = None,
    media: Mapping[int, Sequence[str]] | None = None,
) -> bool:
    """Write what is given; whether anything changed.

    Empty text, an empty list or None take a value away. Raises EditRejected.
    """
    draft = _draft(values or {}, attributes or {}, tables or {}, lists or {}, media or {})
    context = _context(account_id, actor)
    with _refusing_duplicates(), transaction.atomic():
        stored = variants.load_variants(context, [variant_id], with_media=True).get(variant_id)
        if stored is None:
            raise EditRejected({"__all__": ["This variant does not exist any more."]})
        keys = _product_keys(account_id, {stored.product_id, product_id or stored.product_id})
        target = product_id or stored.product_id
        update = variants.compare(
            stored, draft, product=(target, keys[stored.product_id], keys[target])
        )
        variants.update_variants(context, [update])
        return bool(update.fields)


def create_variant(
    *,
    account_id: int,
    actor: Actor,
    product_id: int,
    sku: str,
    values: Mapping[str, object] | None = None,
    attributes: Mapping[int, str] | None = None,
    tables: Mapping[int, Mapping[int, Sequence[str]]] | None = None,
    lists: Mapping[int, Sequence[str]] | None = None,
    media: Mapping[int, Sequence[str]] | None = None,
) -> int:
    """Return the new variant's id. Raises EditRejected."""
    draft = _draft(values or {}, attributes or {}, tables or {}, lists or {}, media or {})
    draft.sku = _checked("sku", sku, _sku)
    _product_keys(account_id, {product_id})
    context = _context(account_id, actor)
    with _refusing_duplicates(), transaction.atomic():
        return create_variants(context, NewVariants.of_draft(product_id, draft))[0]


def edit_product(
    *,
    account_id: int,
    actor: Actor,
    product_id: int,
    name: str | None = None,
    category_path: str | None = None,
    tags: Sequence[str] | None = None,
    collections: Sequence[str] | None = None,
) -> bool:
    """Write what is given; whether anything changed. Raises EditRejected."""
    draft = _product_draft(name, category_path, tags, collections)
    context = _context(account_id, actor)
    with _refusing_duplicates(), transaction.atomic():
        stored = products.load_products(context, [product_id]).get(product_id)
        if stored is None:
            raise EditRejected({"__all__": ["This product does not exist any more."]})
        # A product whose key is its name keeps it so; a key of its own stays.
        is_keyed_by_name = stored.key == cells.normal_key(stored.name)
        renamed = draft.name is not None and is_keyed_by_name
        draft.key = cells.normal_key(draft.name or "") if renamed else stored.key
        update = products.compare(stored, draft)
        products.update_products(context, Taxonomy(), [update])
        return bool(update.fields)


def create_product(
    *,
    account_id: int,
    actor: Actor,
    name: str,
    key: str = "",
    category_path: str = "",
    tags: Sequence[str] = (),
    collections: Sequence[str] = (),
) -> int:
    """Return the new product's id. Raises EditRejected."""
    draft = _product_draft(name, category_path, tags, collections)
    draft.key = _checked("key", (key or name).strip(), cells.parse_product_key)
    with _refusing_duplicates(), transaction.atomic():
        return products.create_products(_context(account_id, actor), Taxonomy(), [draft])[0]


def delete_variant(*, account_id: int, actor: Actor, variant_id: int) -> None:
    """Remove a variant; the change log keeps all it was. A product left empty stays."""
    context = _context(account_id, actor)
    with transaction.atomic():
        stored = variants.load_variants(context, [variant_id], with_media=True).get(variant_id)
        if stored is not None:
            variants.remove_variants(context, [stored])


def delete_product(*, account_id: int, actor: Actor, product_id: int) -> None:
    """Remove a product with its variants; the change log keeps all they were."""
    context = _context(account_id, actor)
    with transaction.atomic():
        # Products before variants, as an import locks them.
        doomed = list(products.load_products(context, [product_id]).values())
        rows = context.tables.select(
            "SELECT id FROM catalog_variant WHERE account_id = %s AND product_id = %s ORDER BY id",
            [account_id, product_id],
        )
        stored = variants.load_variants(context, [row[0] for row in rows], with_media=True)
        variants.remove_variants(context, list(stored.values()))
        products.remove_products(context, doomed)


def _context(account_id: int, actor: Actor) -> WriteContext:
    return WriteContext(account_id=account_id, actor=actor, now=clock.now(), tables=tables())


def _product_keys(account_id: int, product_ids: set[int]) -> dict[int, str]:
    found = dict(
        Product.objects.for_account(account_id).filter(pk__in=product_ids).values_list("id", "key")
    )
    if len(found) != len(product_ids):
        raise EditRejected({"product": ["Choose a product of this account."]})
    return found


def _draft(
    values: Mapping[str, object],
    attributes: Mapping[int, str],
    tables: Mapping[int, Mapping[int, Sequence[str]]],
    lists: Mapping[int, Sequence[str]],
    media: Mapping[int, Sequence[str]],
) -> VariantDraft:
    errors: dict[str, list[str]] = {}
    draft = VariantDraft(sku="")
    for name, value in values.items():
        with _collecting(errors, name):
            draft.values |= _value(name, value)
    for key, text in attributes.items():
        with _collecting(errors, f"attributes.{key}"):
            draft.attributes[str(key)] = cells.parse_text(text.strip(), longest=1_000) or None
    for set_id, entries in tables.items():
        for entry_id, items in entries.items():
            with _collecting(errors, f"property_sets.{set_id}.{entry_id}"):
                draft.tables.setdefault(str(set_id), {})[str(entry_id)] = _items(items) or None
    for set_id, items in lists.items():
        with _collecting(errors, f"property_sets.{set_id}"):
            draft.lists[str(set_id)] = _items(items) or None
    for set_id, urls in media.items():
        with _collecting(errors, f"media.{set_id}"):
            draft.media[set_id] = [cells.parse_url(url.strip()) for url in urls if url.strip()]
    if errors:
        raise EditRejected(errors)
    return draft


def _value(name: str, value: object) -> dict[str, Value]:
    if name == "ean":
        text = str(value or "").strip()
        ean = cells.parse_gtin(text) if text else ""
        return {"ean": ean, "gtin": gtin.padded(ean) if ean else None}
    if name == "active":
        return {"active": bool(value)}
    if name in _PLACES:
        return {name: _decimal(name, value)}
    text = str(value or "").strip()
    return {name: cells.parse_text(text, longest=_LONGEST_TEXT[name])}


def _decimal(name: str, value: object) -> str | None:
    if value is None or value == "":
        return None
    text = format(value, "f") if isinstance(value, Decimal) else str(value).strip()
    max_digits, places = _PLACES[name]
    return cells.parse_decimal(text, numbers=_PLAIN_NUMBERS, max_digits=max_digits, places=places)


def _items(items: Sequence[str]) -> list[str]:
    return [cells.parse_name(item.strip(), longest=1_000) for item in items if item.strip()]


def _product_draft(
    name: str | None,
    category_path: str | None,
    tags: Sequence[str] | None,
    collections: Sequence[str] | None,
) -> ProductDraft:
    errors: dict[str, list[str]] = {}
    draft = ProductDraft(key="")
    if name is not None:
        with _collecting(errors, "name"):
            draft.name = _product_name(name)
    if category_path is not None:
        with _collecting(errors, "category_path"):
            path = category_path.strip()
            draft.category = cells.parse_category_path(path) if path else ""
    if tags is not None:
        with _collecting(errors, "tags"):
            draft.tags = _names(tags)
    if collections is not None:
        with _collecting(errors, "collections"):
            draft.collections = _names(collections)
    if errors:
        raise EditRejected(errors)
    return draft


def _product_name(name: str) -> str:
    if not name.strip():
        raise CellError("blank", "A product needs a name.")
    return cells.parse_product_name(name.strip())


def _sku(text: str) -> str:
    if not text.strip():
        raise CellError("blank", "A variant needs a SKU.")
    return cells.parse_sku(text.strip())


def _names(names: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(cells.parse_name(name.strip()) for name in names if name.strip()))


def _checked(field: str, text: str, read: Callable[[str], T]) -> T:
    try:
        return read(text)
    except CellError as error:
        raise EditRejected({field: [error.message]}) from error


@contextmanager
def _collecting(errors: dict[str, list[str]], field: str) -> Iterator[None]:
    try:
        yield
    except CellError as error:
        errors.setdefault(field, []).append(error.message)


@contextmanager
def _refusing_duplicates() -> Iterator[None]:
    """The database's unique constraints are the last word on keys."""
    try:
        yield
    except IntegrityError as error:
        for word, field, message in (
            ("gtin", "ean", "Another variant of this account has this EAN."),
            ("sku", "sku", "Another variant of this account has this SKU."),
            ("product", "name", "Another product of this account has this name or key."),
        ):
            if word in str(error).lower():
                raise EditRejected({field: [message]}) from error
        raise
