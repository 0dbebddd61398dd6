"""One round of checking for one account: first what is due, then what other rules make stale."""

import time
from typing import Any, Final

from django.core.files.storage import default_storage
from django.db import transaction

from imagery.checks.keeping import columns_of
from imagery.checks.measures import Measures, Missing
from imagery.checks.measuring import measure, unseen
from imagery.checks.profiles import ProfileBook, profile_book
from imagery.checks.references import REFERENCE_GONE, WITH_PHOTO, References
from imagery.checks.signals import images_checked
from imagery.checks.verdicts import write_verdicts
from imagery.models import ImageChecking, ImageMeasures, Role
from jobs import clock
from jobs.claims import Claim

#: Tries of one picture: one that kills whoever looks at it is given up.
MOST_ATTEMPTS: Final = 3
_AT_ONCE: Final = 25
#: Judged anew in one transaction, which holds SQLite's one write lock.
_PAGE: Final = 100
#: Between two writes another writer gets in (SQLite has but one).
_REST: Final = 0.01
_GIVEN_UP: Final = Missing("worker_stopped", "Whoever looked at it was stopped each time.")
_GONE: Final = Missing("gone", "The picture is not in our storage (any more).")


class Round:
    """Runs until nothing is left to do, or until `ends_at` (of `time.monotonic`)."""

    def __init__(self, checking: ImageChecking, held: Claim, *, ends_at: float) -> None:
        self._checking = checking
        self._held = held
        self._ends_at = ends_at
        self._references = References()
        self._book = ProfileBook((), ())

    def run(self) -> bool:
        """Whether more is left. Raises ClaimLost if another worker took over, and what the
        storage raises."""
        self._look_up_profiles()
        while time.monotonic() < self._ends_at:
            if not (self._do_due() or self._judge_anew()):
                return False
            time.sleep(_REST)
        return True

    def _look_up_profiles(self) -> None:
        """Where others hold than all verdicts are of, everything is walked through once."""
        today = clock.now().date()
        self._book = profile_book(account_id=self._checking.account_id, on=today)
        fields: dict[str, Any] = {"looked_on": today}
        if self._book.digest not in (self._checking.judging_by or self._checking.judged_by,):
            fields |= {"judging_by": self._book.digest, "judged_behind": 0}
        self._write(**fields)

    def _do_due(self) -> bool:
        due = ImageMeasures.objects.filter(
            account_id=self._checking.account_id, due_at__isnull=False
        )
        rows = list(
            due.select_related("image__call", *(f"image__{path}" for path in WITH_PHOTO)).order_by(
                "due_at", "image_id"
            )[:_AT_ONCE]
        )
        new = [row for row in rows if self._is_to_be_measured(row)]
        known = [row for row in rows if row not in new]
        if known:
            self._judge(known)
        for row in new:
            if time.monotonic() < self._ends_at:
                self._measure(row)
                self._judge([row])
        return bool(rows)

    def _is_to_be_measured(self, row: ImageMeasures) -> bool:
        """It never was, or the photo that it could not be compared with has come since."""
        if row.sha256 != row.image.sha256:
            return True
        code, _ = row.missing.get("fidelity", ("", ""))
        is_without_photo = code == REFERENCE_GONE.code
        return is_without_photo and self._references.of(row.image) is not REFERENCE_GONE

    def _measure(self, row: ImageMeasures) -> None:
        """The try is counted before it is made, and so survives whoever makes it."""
        if row.attempts >= MOST_ATTEMPTS:
            measures = unseen(row.image.byte_size, _GIVEN_UP)
        else:
            with transaction.atomic():
                ImageMeasures.objects.filter(pk=row.pk).update(attempts=row.attempts + 1)
                self._held.commit()
            measures = self._looked_at(row)
        for name, value in columns_of(measures).items():
            setattr(row, name, value)
        row.sha256, row.measured_at = row.image.sha256, clock.now()

    def _looked_at(self, row: ImageMeasures) -> Measures:
        try:
            with default_storage.open(row.image.storage_path) as file:
                content = file.read()
        except FileNotFoundError:
            return unseen(row.image.byte_size, _GONE)
        reference, in_scene = self._references.of(row.image), row.image.role == Role.LIFESTYLE
        return measure(content, reference=reference, in_scene=in_scene)

    def _judge(self, rows: list[ImageMeasures]) -> None:
        """What was made due again while it was being looked at stays so."""
        seen_until = max(row.due_at for row in rows if row.due_at is not None)
        with transaction.atomic():
            looked_at = ImageMeasures.objects.filter(pk__in=[row.pk for row in rows])
            looked_at.filter(due_at__lte=seen_until).update(due_at=None, attempts=0)
            ImageMeasures.objects.bulk_update(rows, _MEASURED)
            judged = write_verdicts(rows, self._book.judged)
            likes = ImageMeasures.objects.filter(pk__in=judged.later, due_at=None)
            likes.update(due_at=clock.now())
            images_checked.send(sender=ImageMeasures, images=[row.image for row in rows])
            self._held.commit(made_progress=True)

    def _judge_anew(self) -> bool:
        """A page of all that was measured, along the images; whether there was one."""
        if not self._checking.judging_by:
            return False
        rows = list(
            ImageMeasures.objects.filter(
                account_id=self._checking.account_id,
                image_id__gt=self._checking.judged_behind,
                measured_at__isnull=False,
            )
            .select_related("image__call")
            .order_by("image_id")[:_PAGE]
        )
        with transaction.atomic():
            if rows:
                write_verdicts(rows, self._book.judged)
                self._write(judged_behind=rows[-1].pk)
            else:
                self._write(judged_by=self._checking.judging_by, judging_by="", judged_behind=0)
        return bool(rows)

    def _write(self, **fields: Any) -> None:
        for name, value in fields.items():
            setattr(self._checking, name, value)
        self._held.commit(made_progress=True, **fields)


_MEASURED: Final = [*columns_of(unseen(0, _GONE)), "sha256", "measured_at"]
