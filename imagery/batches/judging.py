"""Which rows of a batch are about SKUs that the catalog has, and which are new to it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from bulk_sql import tables
from bulk_uploads.key_holders import KeyHolders
from bulk_uploads.models import Level, Outcome
from bulk_uploads.processors import Batch, BatchResult, Issue, RowOutcome
from bulk_uploads.spool import SpoolRow
from catalog.importing.processor import PreparedRows
from catalog.importing.rows import FileRow
from imagery.batches.columns import SKU, BatchHeader
from imagery.batches.row_inputs import Inputs, read_inputs


@dataclass(slots=True)
class Judgement:
    """`result` holds what became of rows of known SKUs, and of repeated ones; `new` are left to
    the catalog to judge. `inputs` are those of every row, by number."""

    result: BatchResult = field(default_factory=BatchResult)
    new: list[tuple[SpoolRow, FileRow]] = field(default_factory=list)
    inputs: dict[int, Inputs] = field(default_factory=dict)

    def batch_of_new(self, batch: Batch) -> Batch:
        prepared = PreparedRows([read for _, read in self.new])
        return replace(batch, rows=[row for row, _ in self.new], prepared=prepared)


def judge(*, account_id: int, header: BatchHeader, batch: Batch) -> Judgement:
    """Known SKUs are unchanged: of the catalog nothing is touched. Two queries."""
    rows: Sequence[FileRow] = batch.prepared
    skus = {row.sku for row in rows if row.sku}
    known = _known(account_id, skus)
    holders = KeyHolders(batch, skus)
    judgement = Judgement()
    for source, row in zip(batch.rows, rows, strict=True):
        if source.defects or not row.sku:
            judgement.new.append((source, row))
            continue
        inputs, issues = read_inputs(header, row)
        judgement.inputs[row.number] = inputs
        holder = holders.claim(row.sku, row=row.number)
        if holder is not None:
            text = f"{holder} already has {row.sku!r}. Keep one of the two rows."
            _refuse(judgement, row, None, [_repeated(header, row, text)])
        elif row.sku not in known:
            judgement.new.append((source, row))
        elif issues:
            _refuse(judgement, row, row.sku, issues)
        else:
            judgement.result.outcomes.append(
                RowOutcome(row.number, row.sku, Outcome.UNCHANGED, known[row.sku])
            )
    return judgement


def _known(account_id: int, skus: Collection[str]) -> dict[str, int]:
    """Ids of the variants that have these SKUs."""
    ways = tables()
    return dict(
        ways.select(
            "SELECT sku, id FROM catalog_variant "  # noqa: S608 - our own names
            f"WHERE account_id = %s AND sku {ways.in_list}",
            [account_id, ways.among(skus)],
        )
    )


def _refuse(judgement: Judgement, row: FileRow, key: str | None, issues: list[Issue]) -> None:
    """`key` is what the row holds in the ledger; a repeated one is the first row's."""
    judgement.result.outcomes.append(RowOutcome(row.number, key, Outcome.FAILED, None))
    judgement.result.issues += issues


def _repeated(header: BatchHeader, row: FileRow, text: str) -> Issue:
    return Issue(row.number, header.header_of(SKU), row.sku, Level.ERROR, "repeated_key", text)
