"""What the columns of somebody's file can become in the catalog, and what each most likely is."""

import difflib
from collections.abc import Mapping, Sequence
from typing import Final

from accounts.models import Account
from bulk_uploads.column_targets import MappingProblem, Suggestion, Target, TargetGroup
from catalog.file_format.column_names import column_named
from catalog.file_format.columns import CANONICAL_HEADERS, Column, Field, Kind, squeeze
from catalog.file_format.header import parse_header
from catalog.file_format.mapping import header_of_target
from catalog.layouts.base import one_line
from catalog.reading.definitions import Definitions, load_definitions

_LIKENESS: Final = 0.85
_NO_NAME: Final = (
    "No column becomes Product Name. Rows of variants that are in the catalog are taken; a row of "
    "a new one fails without it."
)

#: What suppliers call the fields, besides the names that the format itself knows.
_OTHER_NAMES: Final[Mapping[Field, str]] = {
    Field.NAME: "name, title, product title, item name, produktname, artikelname, bezeichnung, "
    "titre, nom, nombre, nome, product",
    Field.PRODUCT_KEY: "handle, url handle, item group id, parent sku, model, style, style code",
    Field.DISPLAY_NAME: "variant name, variant title, display title",
    Field.SKU: "item code, item number, item no, article number, article no, articleno, artikelnr, "
    "artikelnummer, part number, part no, mpn, product code, code, material, reference, ref, id, "
    "product id, item id, variant sku, sku code, article",
    Field.DESCRIPTION: "body html, body, long description, product description, beschreibung, "
    "descripcion, short description, details",
    Field.TAGS: "keywords, labels, style tags",
    Field.MEDIA: "image, images, image url, image urls, image link, picture, pictures, photo, "
    "image src, bild, media, media urls, photos",
    Field.CATEGORY: "category, categories, product category, product type, kategorie, categorie, "
    "type",
    Field.COLLECTIONS: "collection, range, series",
    Field.PRICE: "selling price, sale price, unit price, preis, prix, precio, prezzo, net price, "
    "offer price, variant price, rate",
    Field.LIST_PRICE: "mrp, rrp, msrp, compare at price, regular price, uvp, retail price",
    Field.LENGTH: "length, laenge, länge, depth mm, length mm",
    Field.WIDTH: "width, breite, width mm",
    Field.HEIGHT: "height, höhe, hoehe, height mm",
    Field.WEIGHT: "weight, gewicht, weight g, grams, variant grams, weight gms, net weight",
    Field.ACTIVE: "status, published, enabled, is active, visible",
    Field.TAX_NUMBER: "hsn, hsn code, hs code, tax code, tariff number",
    Field.TAX_RATE: "gst, gst rate, vat, vat rate, tax, tax class",
    Field.EAN: "ean code, ean13, gtin13, barcode number, variant barcode, isbn",
}


def _plain(name: str) -> str:
    """A column's name without what people vary: case, spacing, and the signs between words."""
    return "".join(char for char in name.casefold() if char.isalnum())


_FIELD_BY_NAME: Final[Mapping[str, Field]] = {
    _plain(name): field
    for field, names in _OTHER_NAMES.items()
    for name in (*names.split(", "), field.value, CANONICAL_HEADERS[field])
}


def targets(account: Account) -> list[TargetGroup]:
    """The fields, then what the account has invented so far."""
    fields = [Target(field.value, header) for field, header in CANONICAL_HEADERS.items()]
    groups = [TargetGroup("Fields", fields)]
    definitions = load_definitions(account_id=account.pk)
    if attributes := _attributes(definitions):
        groups.append(TargetGroup("Attributes of variants", attributes))
    if sets := _sets(definitions):
        groups.append(TargetGroup("Property sets", sets))
    return groups


def _attributes(definitions: Definitions) -> list[Target]:
    return [
        Target(info.header, _with_unit(info.name, info.unit))
        for info in definitions.attributes
        if info.header
    ]


def _sets(definitions: Definitions) -> list[Target]:
    found = []
    for made in definitions.property_sets:
        if made.entries:
            found += [
                Target(entry.header, f"{made.name}: {_with_unit(entry.key, entry.unit)}")
                for entry in made.entries
                if entry.header
            ]
        elif made.header:
            found.append(Target(made.header, made.name))
    return found


def _with_unit(name: str, unit: str) -> str:
    return f"{name} ({unit})" if unit else name


def own_targets(column: str) -> list[Target]:
    """A column that is nothing known can become an attribute or a line of the details."""
    if not column or column_named(0, column, column).kind is not Kind.IGNORED:
        return []
    name = one_line(column)
    return [
        Target(f"Variant #; {name}", f"New attribute “{name}”"),
        Target(f"Property Set Table #; details #; {name}", f"New line “{name}” in the details"),
    ]


def suggestions(header: Sequence[str], remembered: Mapping[str, str]) -> list[Suggestion]:
    """One field is suggested for one column: the first that comes near."""
    by_name = {squeeze(column): target for column, target in remembered.items()}
    taken: set[str] = set()
    found: list[Suggestion] = []
    for name in header:
        suggestion = _known(name, by_name)
        found.append(suggestion)
        taken.add(_identity(suggestion.value))
    for place, name in enumerate(header):
        if not found[place].reason:
            found[place] = _likely(name, taken)
            taken.add(_identity(found[place].value))
    return found


def _known(name: str, remembered: Mapping[str, str]) -> Suggestion:
    if squeeze(name) in remembered:
        return Suggestion(remembered[squeeze(name)], "remembered")
    column = column_named(0, name, name)
    if column.kind is not Kind.IGNORED:
        return Suggestion(_target_of(column, name), "own")
    return Suggestion("", "")


def _target_of(column: Column, name: str) -> str:
    return column.field.value if column.field else name.strip()


def _likely(name: str, taken: set[str]) -> Suggestion:
    plain = _plain(name)
    if not plain:
        return Suggestion("", "")
    field, reason = _FIELD_BY_NAME.get(plain), "known"
    if field is None:
        near = difflib.get_close_matches(plain, _FIELD_BY_NAME, n=1, cutoff=_LIKENESS)
        field, reason = (_FIELD_BY_NAME[near[0]], "similar") if near else (None, "")
    if field is None or _identity(field.value) in taken:
        return Suggestion("", "")
    return Suggestion(field.value, reason)


def _identity(target: str) -> str:
    return squeeze(header_of_target(target)) if target else ""


def problems_for(header: Sequence[str], mapping: Mapping[str, str]) -> list[MappingProblem]:
    """What an upload would say of these columns, but for those left out because nobody knows
    them."""
    parsed = parse_header(header, mapping)
    found = [
        MappingProblem(problem.message, problem.fatal)
        for problem in parsed.problems
        if problem.fatal or problem.code != "ignored_header"
    ]
    if parsed.is_usable and all(column.field is not Field.NAME for column in parsed.columns):
        found.append(MappingProblem(_NO_NAME, fatal=False))
    return found
