"""The columns of a catalog export, and how a variant fills them."""

from collections.abc import Sequence
from dataclasses import dataclass

from bulk_uploads.file_template import CellKind
from bulk_uploads.writers import Cell, TableColumn
from catalog.exporting.headers import attribute_header, entry_header, set_header
from catalog.file_format.cells import normal_key
from catalog.file_format.columns import CANONICAL_HEADERS, Field
from catalog.models import SetKind
from catalog.reading.definitions import Definitions
from catalog.reading.media import VariantMedia
from catalog.reading.variants import VariantRow

_KINDS = {
    Field.DESCRIPTION: CellKind.LONG_TEXT,
    Field.MEDIA: CellKind.LONG_TEXT,
    Field.ACTIVE: CellKind.TRUTH,
} | dict.fromkeys(
    (Field.PRICE, Field.LIST_PRICE, Field.LENGTH, Field.WIDTH, Field.HEIGHT, Field.WEIGHT),
    CellKind.NUMBER,
)
_CHOICES = {Field.ACTIVE: ("TRUE", "FALSE")}


@dataclass(frozen=True, slots=True)
class ExportedProduct:
    """`key` is blank where it is the name, as a file's reader takes it."""

    name: str
    key: str
    category: str
    tags: list[str]
    collections: list[str]

    @classmethod
    def of(
        cls, name: str, key: str, category: str | None, tags: list[str], collections: list[str]
    ) -> "ExportedProduct":
        shown_key = "" if key == normal_key(name) else key
        return cls(name, shown_key, category or "", tags, collections)


class ExportColumns:
    """`with_keys` adds the column Product Key, which only few catalogs need."""

    def __init__(self, definitions: Definitions, *, with_keys: bool) -> None:
        self._with_keys = with_keys
        self._media_paths = definitions.media_paths.id if definitions.media_paths else None
        self._attributes = [str(info.id) for info in definitions.attributes]
        self._sets = [
            (found.id, str(found.id), [str(entry.id) for entry in found.entries])
            if found.kind is SetKind.TABLE
            else (found.id, "" if found.kind is SetKind.MEDIA else str(found.id), None)
            for found in definitions.property_sets
        ]
        self.columns = _fixed(with_keys=with_keys) + _account_columns(definitions)

    def cells(
        self,
        product: ExportedProduct,
        variant: VariantRow,
        media: VariantMedia,
        published: Sequence[str] = (),
    ) -> list[Cell]:
        """In the order of `columns`. What is published comes before the variant's own media."""
        row: list[Cell] = [product.name]
        if self._with_keys:
            row.append(product.key)
        row += (
            variant.display_name,
            variant.sku,
            variant.description,
            product.tags,
            [*published, *_addresses(media, self._media_paths)],
            product.category,
            product.collections,
            variant.price,
            variant.list_price,
            variant.length_mm,
            variant.width_mm,
            variant.height_mm,
            variant.weight_g,
            variant.active,
            variant.tax_number,
            variant.tax_rate,
            variant.ean,
        )
        attributes = variant.attributes
        row += [attributes.get(key, "") for key in self._attributes]
        for set_id, key, entries in self._sets:
            if not key:
                row.append(_addresses(media, set_id))
                continue
            content = variant.property_sets.get(key)
            if entries is None:
                row.append(content if isinstance(content, list) else [])
            elif isinstance(content, dict):
                row += [content.get(entry, []) for entry in entries]
            else:
                row += [[]] * len(entries)
        return row


def _fixed(*, with_keys: bool) -> list[TableColumn]:
    return [
        TableColumn(header, _KINDS.get(field, CellKind.TEXT), _CHOICES.get(field, ()))
        for field, header in CANONICAL_HEADERS.items()
        if with_keys or field is not Field.PRODUCT_KEY
    ]


def _account_columns(definitions: Definitions) -> list[TableColumn]:
    columns = [TableColumn(attribute_header(info)) for info in definitions.attributes]
    for found in definitions.property_sets:
        if found.kind is SetKind.TABLE:
            columns += [TableColumn(entry_header(found, entry)) for entry in found.entries]
        else:
            columns.append(TableColumn(set_header(found), CellKind.LONG_TEXT))
    return columns


def _addresses(media: VariantMedia, set_id: int | None) -> list[str]:
    items: Sequence[str] = ()
    if set_id is not None and set_id in media:
        return [item["source_url"] for item in media[set_id]]
    return list(items)
