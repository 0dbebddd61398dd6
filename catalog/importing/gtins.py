"""Who holds which GTIN, judged in file order: the stored state plus the file's earlier rows."""

from collections.abc import Collection, Mapping

from catalog.importing.heads import Head, heads_by_gtin
from catalog.writing.context import WriteContext
from catalog.writing.variants import free_gtins


class GtinOwners:
    """Of the GTINs in one batch. A dry run's earlier batches left claims instead of variants."""

    def __init__(self, *, upload_id: int, heads: Mapping[str, Head]) -> None:
        self._upload_id = upload_id
        self.heads = heads
        self._owners: dict[str, str | None] = {gtin: head.sku for gtin, head in heads.items()}
        self._new: dict[str, tuple[int, str | None]] = {}
        self._given_up: list[int] = []
        self._claims: dict[str, str | None] = {}

    @classmethod
    def load(
        cls, context: WriteContext, gtins: Collection[str], *, upload_id: int, is_dry: bool
    ) -> "GtinOwners":
        owners = cls(upload_id=upload_id, heads=heads_by_gtin(context, gtins))
        if is_dry and gtins:
            owners._load_claims(context, gtins)
        return owners

    def owner(self, gtin: str) -> str | None:
        return self._owners.get(gtin)

    def head(self, gtin: str) -> Head | None:
        """The stored variant that still holds the GTIN at this row."""
        head = self.heads.get(gtin)
        return head if head and self._owners.get(gtin) == head.sku else None

    def claimants(self, gtins: Collection[str]) -> set[str]:
        """The SKUs that a dry run's earlier batches gave these GTINs to."""
        return {sku for gtin in gtins if (sku := self._claims.get(gtin))}

    def change(self, *, row: int, sku: str, before: str | None, after: str | None) -> None:
        if before == after:
            return
        if before is not None:
            self._owners[before] = None
            self._new[before] = (row, None)
        if after is not None:
            self._owners[after] = sku
            self._new[after] = (row, sku)

    def release_given_up(self, context: WriteContext) -> None:
        """In a dry run: take GTINs from the variants that earlier rows have taken them from."""
        free_gtins(context, self._given_up)

    def write_claims(self, context: WriteContext) -> None:
        context.tables.insert(
            "catalog_gtinclaim",
            ("upload_id", "gtin", "row", "sku"),
            [(self._upload_id, gtin, row, sku) for gtin, (row, sku) in self._new.items()],
        )

    def _load_claims(self, context: WriteContext, gtins: Collection[str]) -> None:
        tables = context.tables
        claims = tables.select(
            "SELECT gtin, sku FROM catalog_gtinclaim "  # noqa: S608 - our own names
            f"WHERE upload_id = %s AND gtin {tables.in_list} ORDER BY row",
            [self._upload_id, tables.among(gtins)],
        )
        self._claims = dict(claims)
        self._owners.update(self._claims)
        self._given_up = [
            head.id for gtin, head in self.heads.items() if self._owners[gtin] != head.sku
        ]
