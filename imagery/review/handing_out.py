"""Handing tickets to reviewers: never one to two people at once."""

from collections.abc import Collection
from datetime import timedelta
from typing import Final

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from accounts.models import User
from imagery.models import ReviewTicket
from jobs import clock

#: How long a ticket stays with a reviewer who gives no sign of life.
HELD_FOR: Final = timedelta(minutes=5)
#: Tickets looked at besides those that are wanted: others may be taking them at the same moment.
_SPARE: Final = 20


def queue_of(*, account_id: int, reviewer: User) -> QuerySet[ReviewTicket]:
    """What may be handed to the reviewer now, in order: what is assigned to them, then the rest,
    the longest waiting first."""
    mine_first = Case(
        When(assigned_to=reviewer, then=Value(0)), default=Value(1), output_field=IntegerField()
    )
    tickets = _open_to(reviewer).filter(account_id=account_id, waiting__gt=0)
    return tickets.annotate(turn=mine_first).order_by("turn", "since", "pk")


def take_next(
    *, account_id: int, reviewer: User, besides: Collection[int] = (), at_most: int = 1
) -> list[ReviewTicket]:
    """Hold the next tickets for the reviewer; `besides` are ids of those they have or have skipped.

    None of them if nothing is left. Conditional updates decide between two who reach for the same.
    """
    candidates = queue_of(account_id=account_id, reviewer=reviewer).exclude(pk__in=besides)
    taken: list[ReviewTicket] = []
    for ticket in candidates[: at_most + _SPARE]:
        if len(taken) < at_most and hold(ticket=ticket, reviewer=reviewer):
            taken.append(ticket)
    return taken


def hold(*, ticket: ReviewTicket, reviewer: User) -> bool:
    """Take the ticket, or keep it for longer; False if it is another's by now."""
    mine = _open_to(reviewer).filter(pk=ticket.pk)
    return bool(mine.update(held_by=reviewer, held_until=clock.now() + HELD_FOR))


def holder_of(ticket: ReviewTicket) -> User | None:
    """Who has it in hand at the moment."""
    is_held = ticket.held_until is not None and ticket.held_until > clock.now()
    return ticket.held_by if is_held else None


def keep(*, account_id: int, reviewer: User, ticket_ids: Collection[int]) -> list[int]:
    """Hold on to these, as far as nobody else has them by now, and give back the rest.

    The ids of those that are still the reviewer's.
    """
    held = ReviewTicket.objects.filter(account_id=account_id, held_by=reviewer)
    held.exclude(pk__in=ticket_ids).update(held_by=None, held_until=None)
    _open_to(reviewer).filter(account_id=account_id, pk__in=ticket_ids).update(
        held_by=reviewer, held_until=clock.now() + HELD_FOR
    )
    return list(held.filter(pk__in=ticket_ids).values_list("pk", flat=True))


def assign(*, account_id: int, ticket_ids: Collection[int], to: User | None) -> int:
    """Reserve tickets for a reviewer, or (None) for whoever comes; the number of them.

    What another one holds at the moment stays with them until they are done.
    """
    tickets = ReviewTicket.objects.filter(account_id=account_id, pk__in=ticket_ids)
    return tickets.update(assigned_to=to)


def _open_to(reviewer: User) -> QuerySet[ReviewTicket]:
    """What they have in hand, whoever it is assigned to, and what is neither with another one nor
    assigned to one."""
    now = clock.now()
    in_hand = Q(held_by=reviewer, held_until__gt=now)
    not_anothers = Q(assigned_to=None) | Q(assigned_to=reviewer)
    free = Q(held_by=None) | Q(held_by=reviewer) | Q(held_until__lte=now)
    return ReviewTicket.objects.filter(in_hand | (not_anothers & free))
