"""Finding the file that answers for a SKU, a role and a preset: one query, found or not."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef

from bulk_sql import tables
from catalog.models import Variant
from imagery.models import PRODUCT_ROLES, Decision, ImagerySettings, Role
from imagery.renditions.presets import PRESETS, Format, Preset


@dataclass(frozen=True, slots=True)
class Asked:
    """A rendition that somebody asks for; any of it may be made up."""

    account: uuid.UUID
    sku: str
    role: str
    preset: str


@dataclass(frozen=True, slots=True)
class PublicFile:
    """`sha256` is of the picture it was made from; `is_current` is false of the previous one, which
    is shown until the current one is built."""

    account_id: int
    sha256: str
    storage_path: str
    byte_size: int
    etag: str
    format: Format
    is_current: bool


@dataclass(frozen=True, slots=True)
class Unbuilt:
    """There is an approved image, and no file of it yet."""

    account_id: int
    sha256: str


#: The image of the SKU itself, or of its product.
_OF_SKU = "i.sku = %s"
_OF_PRODUCT = (
    "NOT (i.product_key = '') AND i.product_key = (SELECT p.key FROM catalog_variant v "
    "JOIN catalog_product p ON p.id = v.product_id WHERE v.account_id = a.id AND v.sku = %s)"
)
#: The approved image first, whether it is built or not; behind it the last one before it that is.
_SELECT = """
SELECT i.decision, i.account_id, i.sha256, r.storage_path, r.byte_size, r.etag
FROM accounts_account a
JOIN imagery_generatedimage i ON i.account_id = a.id
LEFT JOIN imagery_rendition r ON r.account_id = i.account_id AND r.sha256 = i.sha256
  AND r.preset = %s AND r.version = %s AND r.format = %s
WHERE a.uuid = %s AND i.role = %s AND {subject}
  AND (i.decision = 'approved' OR (i.decision = 'superseded' AND r.id IS NOT NULL AND EXISTS
    (SELECT 1 FROM imagery_reviewdecision d WHERE d.image_id = i.id AND d.after = 'approved')))
ORDER BY i.decision, i.decided_at DESC LIMIT 2
"""
_NO_PRESET = Preset("", 1, 1)


def preset_of(asked: Asked, *, takes_webp: bool) -> tuple[Preset, Format]:
    """With the format that the preset comes in; for an unknown one, a preset that has no files."""
    preset = PRESETS.get(asked.preset, _NO_PRESET)
    takes_webp = takes_webp and Format.WEBP in preset.formats
    return preset, Format.WEBP if takes_webp else Format.JPEG


def find(asked: Asked, preset: Preset, format: Format) -> tuple[PublicFile | None, Unbuilt | None]:
    """The file to answer with, and what is not built of the current image. One query."""
    ways = tables()
    subject = _OF_PRODUCT if asked.role in PRODUCT_ROLES else _OF_SKU
    rows = ways.select(
        _SELECT.format(subject=subject),
        [
            preset.name,
            preset.version,
            format.value,
            ways.identifier(asked.account),
            asked.role,
            asked.sku,
        ],
    )
    if not rows or rows[0][0] != Decision.APPROVED or preset is _NO_PRESET:
        return None, None
    _, account_id, sha256, path, *_ = rows[0]
    if path is not None:
        return _public_file(rows[0], format, is_current=True), None
    previous = _public_file(rows[1], format, is_current=False) if len(rows) > 1 else None
    return previous, Unbuilt(account_id, sha256)


def _public_file(row: tuple[Any, ...], format: Format, *, is_current: bool) -> PublicFile:
    _, account_id, sha256, storage_path, byte_size, etag = row
    return PublicFile(
        account_id=account_id,
        sha256=sha256,
        storage_path=storage_path,
        byte_size=byte_size,
        etag=etag,
        format=format,
        is_current=is_current,
    )


def may_show_placeholder(asked: Asked) -> bool:
    """Whether its account lets the stock picture be seen, and the SKU is one. One query."""
    shown = ImagerySettings.objects.filter(
        Exists(Variant.objects.filter(account=OuterRef("account"), sku=asked.sku)),
        account__uuid=asked.account,
        placeholder_is_public=True,
    ).exists()
    return shown and asked.role in Role and asked.preset in PRESETS
