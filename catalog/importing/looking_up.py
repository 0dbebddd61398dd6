"""What the judge of a batch must know of the catalog and of earlier rows, looked up at once."""

from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass, field

from bulk_uploads.processors import Batch, LineRows, RowElsewhere
from catalog.importing import damage
from catalog.importing.gtins import GtinOwners
from catalog.importing.header_plan import HeaderPlan
from catalog.importing.heads import Head, heads_by_sku
from catalog.importing.rows import FileRow
from catalog.writing.context import WriteContext


@dataclass(slots=True)
class Known:
    """Everything that rows are judged by beside themselves and the file's product decisions.

    `earlier` and `elsewhere` are rows that hold a key already: of this file, and of other uploads
    of its line, where `root_rows` says what this batch's rows stand for.
    """

    gtins: GtinOwners
    heads: Mapping[str, Head] = field(default_factory=dict)
    earlier: Mapping[str, int] = field(default_factory=dict)
    elsewhere: Mapping[str, RowElsewhere] = field(default_factory=dict)
    root_rows: Mapping[int, int | None] = field(default_factory=dict)
    stored_with_zeros: Set[str] = frozenset()
    originals: Mapping[str, str] = field(default_factory=dict)

    def is_namesake(self, row: FileRow) -> bool:
        """Whether the row's EAN reads like the SKU of a variant that has another EAN."""
        if row.sku or not row.gtin:
            return False
        stored = self.heads.get(row.ean)
        return stored is not None and stored.gtin not in (None, row.gtin)


@dataclass(frozen=True, slots=True)
class LookUp:
    """One upload's look-ups, a fixed number of queries a batch. `line` are the uploads whose rows
    it goes on with, and itself."""

    plan: HeaderPlan
    upload_id: int
    line: Collection[int]

    def known(self, context: WriteContext, batch: Batch, rows: Sequence[FileRow]) -> Known:
        known = Known(
            heads=heads_by_sku(context, {row.sku or row.ean for row in rows if row.sku or row.ean}),
            gtins=GtinOwners.load(
                context,
                {row.gtin for row in rows if row.gtin},
                upload_id=self.upload_id,
                is_dry=batch.is_dry,
            ),
        )
        self._find_rows_holding_keys(known, batch, rows)
        if batch.line is not None:
            self._find_rows_of_line(known, batch.line, rows)
        self._look_for_damage(context, known, batch, rows)
        return known

    def product_keys(self, known: Known, rows: Sequence[FileRow]) -> set[str]:
        """The products that the rows are likely to be about."""
        keys = {head.product_key for head in known.heads.values()}
        keys |= {head.product_key for head in known.gtins.heads.values()}
        return keys | {key for row in rows if (key := self.plan.stated_key(row.product_cells))}

    def stored_with_zeros(self, context: WriteContext, keys: Collection[str]) -> set[str]:
        """Those SKUs of the catalog that a spreadsheet may have made these keys of."""
        made_beside = self.line if self.plan.options.exact_keys else ()
        return damage.stored_keys(context, keys, but_by=made_beside)

    def _find_rows_holding_keys(self, known: Known, batch: Batch, rows: Sequence[FileRow]) -> None:
        if batch.earlier.is_exact:
            keys = _likely_keys(known, rows)
        else:
            # Refusing a namesake leaves no key in the ledger that could show a repetition; a claim
            # for a stored variant would have that variant created again before the ledger is asked.
            keys = {row.ean for row in rows if known.is_namesake(row)}
            keys |= known.gtins.claimants([row.gtin for row in rows if row.gtin and not row.sku])
        known.earlier = batch.earlier.holding(keys)

    def _find_rows_of_line(self, known: Known, line: LineRows, rows: Sequence[FileRow]) -> None:
        known.root_rows = {row.number: line.root_row(row.number) for row in rows}
        known.elsewhere = line.holding(_likely_keys(known, rows))

    def _look_for_damage(
        self, context: WriteContext, known: Known, batch: Batch, rows: Sequence[FileRow]
    ) -> None:
        new = [sku for sku in damage.maybe_damaged(rows) if sku not in known.heads]
        with_zeros = {text for sku in new for text in damage.keys_with_zeros(sku)}
        stored = self.stored_with_zeros(context, with_zeros)
        if batch.is_dry and with_zeros and not self.plan.options.exact_keys:
            # The variants that earlier rows would have created were rolled back.
            stored |= set(batch.earlier.accepted(with_zeros))
        known.stored_with_zeros = stored
        known.originals = damage.likely_originals(context, new)


def _likely_keys(known: Known, rows: Sequence[FileRow]) -> set[str]:
    keys = {row.sku or row.ean for row in rows if row.sku or row.ean}
    owners = (known.gtins.owner(row.gtin) for row in rows if row.gtin)
    return keys | {owner for owner in owners if owner}
