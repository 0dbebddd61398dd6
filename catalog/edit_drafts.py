"""What an edit says, as drafts: judged by the same rules as a file's cells, all at once."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal

from catalog.definition_checks import refuse_unknown_definitions
from catalog.errors import EditRejected
from catalog.file_format import cells, gtin
from catalog.file_format.cells import CellError, NumberFormat
from catalog.writing.drafts import ProductDraft, Value, VariantDraft

_LONGEST_TEXT = {
    "display_name": 500,
    # What a cell of a file may hold by default, with room for the quote of an export.
    "description": 99_999,
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


def variant_draft(
    account_id: int,
    values: Mapping[str, object],
    attributes: Mapping[int, str],
    tables: Mapping[int, Mapping[int, Sequence[str]]],
    lists: Mapping[int, Sequence[str]],
    media: Mapping[int, Sequence[str]],
) -> VariantDraft:
    """Keys are ids of definitions. Raises EditRejected with all that is wrong with the cells."""
    refuse_unknown_definitions(
        account_id=account_id, attributes=attributes, tables=tables, lists=lists, media=media
    )
    errors: dict[str, list[str]] = {}
    draft = VariantDraft(sku="")
    for name, value in values.items():
        with _collecting(errors, name):
            draft.values |= _value(name, value)
    for key, text in attributes.items():
        with _collecting(errors, f"attributes.{key}"):
            draft.attributes[str(key)] = cells.parse_text(_text(text), longest=1_000) or None
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
    return {name: cells.parse_text(_text(value), longest=_LONGEST_TEXT[name])}


def _text(value: object) -> str:
    """As a file's reader gives it: browsers send other line ends than files keep."""
    return str(value or "").replace("\r\n", "\n").replace("\r", "\n").strip()


def _decimal(name: str, value: object) -> str | None:
    if value is None or value == "":
        return None
    text = format(value, "f") if isinstance(value, Decimal) else str(value).strip()
    max_digits, places = _PLACES[name]
    return cells.parse_decimal(text, numbers=_PLAIN_NUMBERS, max_digits=max_digits, places=places)


def _items(items: Sequence[str]) -> list[str]:
    return [cells.parse_name(item.strip(), longest=1_000) for item in items if item.strip()]


def product_draft(
    name: str | None,
    category_path: str | None,
    tags: Sequence[str] | None,
    collections: Sequence[str] | None,
) -> ProductDraft:
    """None leaves a value as it is. Raises EditRejected with all that is wrong."""
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


def parse_new_sku(text: str) -> str:
    """Raises CellError."""
    if not text.strip():
        raise CellError("blank", "A variant needs a SKU.")
    if cells.looks_scientific(text.strip()):
        # No file could bring it: a reader takes it for a number that a spreadsheet shortened.
        raise CellError(
            "spreadsheet_damage",
            f"{text.strip()!r} reads like a number that a spreadsheet shortened. Enter it in full.",
        )
    return cells.parse_sku(text.strip())


def _names(names: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(cells.parse_name(name.strip()) for name in names if name.strip()))


@contextmanager
def _collecting(errors: dict[str, list[str]], field: str) -> Iterator[None]:
    try:
        yield
    except CellError as error:
        errors.setdefault(field, []).append(error.message)
