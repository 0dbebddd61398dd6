"""Edits of one product or variant, by a person or a program, through the one write path."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TypeVar

from django.db import IntegrityError, transaction

from bulk_sql import tables
from catalog.edit_drafts import parse_new_sku, product_draft, variant_draft
from catalog.errors import EditRejected
from catalog.file_format import cells
from catalog.file_format.cells import CellError
from catalog.models import Product
from catalog.writing import products, variants
from catalog.writing.context import Actor, WriteContext
from catalog.writing.drafts import NewVariants
from catalog.writing.new_variants import create_variants
from catalog.writing.taxonomy import Taxonomy
from jobs import clock

T = TypeVar("T")
#: How each database names the constraint, the field it is about, and what to say.
_DUPLICATES = (
    (
        "variant_gtin_per_account",
        "catalog_variant.gtin",
        "ean",
        "Another variant of this account has this EAN.",
    ),
    (
        "variant_sku_per_account",
        "catalog_variant.sku",
        "sku",
        "Another variant of this account has this SKU.",
    ),
    (
        "product_key_per_account",
        "catalog_product.key",
        "name",
        "Another product of this account has this name or key.",
    ),
)


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
    draft = variant_draft(
        account_id, values or {}, attributes or {}, tables or {}, lists or {}, media or {}
    )
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
    draft = variant_draft(
        account_id, values or {}, attributes or {}, tables or {}, lists or {}, media or {}
    )
    draft.sku = _checked("sku", sku, parse_new_sku)
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
    draft = product_draft(name, category_path, tags, collections)
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
    draft = product_draft(name, category_path, tags, collections)
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
            "SELECT id FROM catalog_variant WHERE +account_id = %s AND product_id = %s ORDER BY id",
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


def _checked(field: str, text: str, read: Callable[[str], T]) -> T:
    try:
        return read(text)
    except CellError as error:
        raise EditRejected({field: [error.message]}) from error


@contextmanager
def _refusing_duplicates() -> Iterator[None]:
    """The database's unique constraints are the last word on keys."""
    try:
        yield
    except IntegrityError as error:
        # Further lines quote values, which may hold anything.
        what = str(error).partition("\n")[0]
        for postgresql, sqlite, field, message in _DUPLICATES:
            if postgresql in what or sqlite in what:
                raise EditRejected({field: [message]}) from error
        raise
