"""Which channel profiles hold for an account on a day, and which are coming."""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from imagery.models import ChannelProfile


@dataclass(frozen=True, slots=True)
class ProfileBook:
    """Rows that hold, one a channel by its title, and rows whose day has yet to come."""

    in_force: tuple[ChannelProfile, ...]
    coming: tuple[ChannelProfile, ...]

    @property
    def judged(self) -> tuple[ChannelProfile, ...]:
        """Coming ones are judged by as well: what they would break is known before their day."""
        return self.in_force + self.coming

    @property
    def digest(self) -> str:
        """Another one whenever a verdict could be another."""
        rows = sorted((row.pk, row.changed_at.isoformat()) for row in self.judged)
        return hashlib.sha256(repr(rows).encode()).hexdigest()

    def before(self, coming: ChannelProfile) -> ChannelProfile | None:
        """What holds now where this one is to hold."""
        return next((row for row in self.in_force if row.channel == coming.channel), None)


def profile_book(*, account_id: int, on: date) -> ProfileBook:
    """One query."""
    return profile_books(account_ids=[account_id], on=on)[account_id]


def profile_books(*, account_ids: Collection[int], on: date) -> dict[int, ProfileBook]:
    """One query, however many accounts."""
    wanted = Q(account__in=list(account_ids)) | Q(account=None)
    rows = list(ChannelProfile.objects.filter(wanted).order_by("from_date", "pk"))
    return {pk: _book(_rows_for(pk, rows), on=on) for pk in account_ids}


def _rows_for(account_id: int, rows: Iterable[ChannelProfile]) -> list[ChannelProfile]:
    return [row for row in rows if row.account_id in (None, account_id)]


def _book(rows: Sequence[ChannelProfile], *, on: date) -> ProfileBook:
    newest: dict[str, ChannelProfile] = {}
    for row in rows:
        held = newest.get(row.channel)
        if row.from_date <= on and (held is None or held.account_id is None or row.account_id):
            newest[row.channel] = row
    coming = (row for row in rows if row.from_date > on and _will_hold(row, newest))
    return ProfileBook(_by_title(newest.values()), _by_title(coming))


def _will_hold(row: ChannelProfile, newest: dict[str, ChannelProfile]) -> bool:
    """A delivered one that is coming changes nothing where the account has its own."""
    held = newest.get(row.channel)
    return row.account_id is not None or held is None or held.account_id is None


def _by_title(rows: Iterable[ChannelProfile]) -> tuple[ChannelProfile, ...]:
    return tuple(sorted(rows, key=lambda row: (row.title.lower(), row.channel, row.from_date)))
