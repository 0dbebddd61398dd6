"""Which SKUs have images to look at: one ticket each, kept in step with the images."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.db.models import Count, Min, Q

from imagery.models import GeneratedImage, ReviewTicket
from jobs import clock

_AT_ONCE = 500


class Subject(NamedTuple):
    """What a ticket is about: a SKU, or the key of a product."""

    sku: str
    product_key: str = ""


def refresh(*, account_id: int, subjects: Collection[Subject]) -> None:
    """Count anew what waits for each, in the transaction that changed it.

    Four queries for 500 of them. Tickets are locked before anything is counted: of two transactions
    that change images of one SKU, the second counts what the first left behind.
    """
    ordered = sorted(set(subjects))
    for start in range(0, len(ordered), _AT_ONCE):
        with transaction.atomic(savepoint=False):
            _refresh(account_id, ordered[start : start + _AT_ONCE])


def _refresh(account_id: int, subjects: list[Subject]) -> None:
    skus = [subject.sku for subject in subjects if subject.sku]
    keys = [subject.product_key for subject in subjects if subject.product_key]
    about_them = Q(sku__in=skus) | Q(sku="", product_key__in=keys)
    now = clock.now()
    _lock(account_id, subjects, about_them, since=now)
    rows = (
        GeneratedImage.objects.for_account(account_id)
        .waiting()
        .filter(about_them)
        .values_list("sku", "product_key")
        .annotate(waiting=Count("pk"), since=Min("created_at"))
        .order_by()
    )
    found = {Subject(sku, key): (waiting, since) for sku, key, waiting, since in rows}
    ReviewTicket.objects.bulk_create(
        (
            ReviewTicket(
                account_id=account_id,
                sku=subject.sku,
                product_key=subject.product_key,
                waiting=found[subject][0] if subject in found else 0,
                since=found[subject][1] if subject in found else now,
            )
            for subject in subjects
        ),
        update_conflicts=True,
        unique_fields=["account", "sku", "product_key"],
        update_fields=["waiting", "since"],
    )


def _lock(account_id: int, subjects: list[Subject], about_them: Q, *, since: datetime) -> None:
    """Make the tickets that are missing, and let nobody else write any until we are done."""
    ReviewTicket.objects.bulk_create(
        (
            ReviewTicket(
                account_id=account_id,
                sku=subject.sku,
                product_key=subject.product_key,
                since=since,
            )
            for subject in subjects
        ),
        ignore_conflicts=True,
    )
    tickets = ReviewTicket.objects.filter(about_them, account_id=account_id)
    list(tickets.order_by("sku", "product_key").select_for_update().values_list("pk"))
