"""The variants that a stock file's rows are about, held until the batch is written."""

from collections.abc import Collection
from dataclasses import dataclass, field

from catalog.writing.context import WriteContext


@dataclass(slots=True)
class HeldVariants:
    """Ids by SKU, and SKUs by the 14-digit form of their EAN."""

    ids: dict[str, int] = field(default_factory=dict)
    sku_by_gtin: dict[str, str] = field(default_factory=dict)


def hold_variants(
    context: WriteContext, *, skus: Collection[str], gtins: Collection[str]
) -> HeldVariants:
    """One query, in the order of ids, as everybody locks variants."""
    held = HeldVariants()
    if not skus and not gtins:
        return held
    tables = context.tables
    condition, parameters = f"sku {tables.in_list}", [tables.among(skus)]
    if gtins:
        condition = f"({condition} OR gtin {tables.in_list})"
        parameters.append(tables.among(gtins))
    for variant_id, sku, gtin in tables.select(
        "SELECT id, sku, gtin FROM catalog_variant "  # noqa: S608 - our own names
        f"WHERE account_id = %s AND {condition} ORDER BY id {tables.for_update}",
        [context.account_id, *parameters],
    ):
        held.ids[sku] = variant_id
        if gtin is not None:
            held.sku_by_gtin[gtin] = sku
    return held


def hold_variant(context: WriteContext, variant_id: int) -> bool:
    """Whether it (still) is one of the account's."""
    tables = context.tables
    return bool(
        tables.select(
            "SELECT id FROM catalog_variant WHERE +account_id = %s AND id = %s "  # noqa: S608 - our own names
            f"{tables.for_update}",
            [context.account_id, variant_id],
        )
    )
