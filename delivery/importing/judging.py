"""Judging the rows of a pincode file in their order: failed, unchanged, or with what they write."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from bulk_uploads.key_holders import KeyHolders
from bulk_uploads.models import Level, Outcome
from bulk_uploads.processors import Batch, BatchResult, Issue, RowOutcome
from delivery.importing.columns import PINCODE
from delivery.importing.header import PincodeHeader
from delivery.importing.rows import PincodeRow
from delivery.state import PincodeWrite, compare
from delivery.writing import PincodeContext, load_pincodes


@dataclass(slots=True)
class PincodeJudgement:
    """Outcomes of rows that write are still to be told: they name what is written."""

    result: BatchResult = field(default_factory=BatchResult)
    writes: list[tuple[PincodeRow, PincodeWrite]] = field(default_factory=list)


def judge_pincodes(
    *, context: PincodeContext, header: PincodeHeader, batch: Batch
) -> PincodeJudgement:
    rows: Sequence[PincodeRow] = batch.prepared
    stored = load_pincodes(context, {row.pincode for row in rows if row.pincode})
    holders = KeyHolders(batch, (row.key for row in rows if row.key))
    judgement = PincodeJudgement()
    for row in rows:
        holder = holders.claim(row.key, row=row.number) if row.key else None
        if holder is not None:
            _fail(judgement.result, row, None, [_repeated(row, header, holder)])
        elif row.issues:
            _fail(judgement.result, row, row.key, row.issues)
        else:
            found = stored.get((row.pincode, row.mode))
            write = compare(
                stored=found,
                pincode=row.pincode,
                mode=row.mode,
                said=row.values,
                row=row.number,
            )
            if write is not None:
                judgement.writes.append((row, write))
            elif found is not None:
                outcome = RowOutcome(row.number, row.key, Outcome.UNCHANGED, found.id)
                judgement.result.outcomes.append(outcome)
    return judgement


def _fail(result: BatchResult, row: PincodeRow, key: str | None, issues: Sequence[Issue]) -> None:
    result.outcomes.append(RowOutcome(row.number, key, Outcome.FAILED, None))
    result.issues += issues


def _repeated(row: PincodeRow, header: PincodeHeader, holder: str) -> Issue:
    """The key is the other row's; this row holds none."""
    text = f"{holder} already has {row.key!r}. Keep one of the two rows."
    column = header.columns[PINCODE].header
    return Issue(row.number, column, row.pincode, Level.ERROR, "repeated_key", text)
