"""`replace`: pincodes of the courier that the file does not name become unserviceable."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bulk_sql import Tables, tables
from bulk_uploads.ledger import LedgerOfPass
from bulk_uploads.models import BulkUpload, Level
from bulk_uploads.processors import Conclusion, Issue
from delivery.importing.rows import key_of
from delivery.models import Courier, PincodeAction, PincodeChange
from delivery.state import compare
from delivery.writing import PincodeContext, load_by_id, write_pincodes

_STEP = 1_000
_LISTED: Final = (
    "FROM delivery_serviceablepincode p WHERE p.account_id = %s AND p.courier = %s AND p.is_listed"
)


@dataclass(slots=True)
class Replacing:
    """Walks the courier's list in the order of its keys; begun again, it finds less to do."""

    upload: BulkUpload
    courier: Courier
    _behind: tuple[str, str] = ("", "")

    @property
    def is_refused(self) -> bool:
        """A pincode whose row failed would be taken for one that the file leaves out."""
        return self.upload.failed_rows > 0

    def step(self, context: PincodeContext) -> bool:
        """Take some absent ones off the list; False when the walk is over."""
        if self.is_refused:
            return False
        listed = self._next(context.tables)
        if not listed:
            return False
        self._behind = (listed[-1][1], listed[-1][2])
        ledger = LedgerOfPass(upload_id=self.upload.pk, is_dry=False, is_exact=True)
        named = ledger.holding([key_of(pincode, mode) for _, pincode, mode in listed])
        absent = [pk for pk, pincode, mode in listed if key_of(pincode, mode) not in named]
        writes = [
            compare(
                stored=stored, pincode=stored.pincode, mode=stored.mode, said={}, is_listed=False
            )
            for stored in load_by_id(context, absent).values()
        ]
        write_pincodes(context, [write for write in writes if write is not None])
        return True

    def _next(self, ways: Tables) -> Sequence[tuple[int, str, str]]:
        rows = ways.select(
            f"SELECT p.id, p.pincode, p.mode {_LISTED} "
            "AND (p.pincode, p.mode) > (%s, %s) ORDER BY p.pincode, p.mode LIMIT %s",
            [self.upload.account_id, self.courier.value, *self._behind, _STEP],
        )
        return [(row[0], row[1], row[2]) for row in rows]

    def conclude(self, *, is_dry: bool) -> Conclusion:
        if self.is_refused:
            return self._refusal(is_dry=is_dry)
        count = self._absent() if is_dry else self._unlisted()
        verb = "would become" if is_dry else "became"
        remark = f"{count:,} {_pincodes(count)} not in the file {verb} unserviceable."
        return Conclusion(
            output={"unlisted_pincodes": count},
            remark=remark if count else "",
            changes_something=count > 0,
        )

    def _refusal(self, *, is_dry: bool) -> Conclusion:
        verb = "would stay" if is_dry else "stay"
        text = (
            f"Pincodes that the file does not name {verb} as they are, because rows of it failed: "
            "correct those and upload the file again."
        )
        issue = Issue(None, "", "", Level.WARNING, "replace_refused", text)
        return Conclusion(output={"unlisted_pincodes": 0}, issues=[issue], remark=text)

    def _absent(self) -> int:
        rows = tables().select(
            f"SELECT count(*) {_LISTED} AND NOT EXISTS ("  # noqa: S608 - our own names
            "SELECT 1 FROM bulk_uploads_rowresult r WHERE r.upload_id = %s AND r.is_dry = %s "
            "AND r.key = rtrim(p.pincode || ' ' || p.mode))",
            [self.upload.account_id, self.courier.value, self.upload.pk, True],
        )
        return int(rows[0][0])

    def _unlisted(self) -> int:
        return PincodeChange.objects.filter(
            upload=self.upload, action=PincodeAction.UNLISTED
        ).count()


def _pincodes(count: int) -> str:
    return "pincode" if count == 1 else "pincodes"
