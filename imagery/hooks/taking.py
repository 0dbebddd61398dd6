"""Taking an announcement: written down with a follow-up at once, and worked on later."""

from dataclasses import dataclass

from django.db import IntegrityError, transaction

from imagery.hooks.announcements import Announcement
from imagery.hooks.requesting import KIND
from imagery.models import HookDelivery, HookEndpoint
from jobs import clock, followups


@dataclass(frozen=True, slots=True)
class Taken:
    """`is_new` is False for one that was taken before: nothing was done about it again."""

    delivery: HookDelivery
    is_new: bool


def take(*, endpoint: HookEndpoint, webhook_id: str, announcement: Announcement) -> Taken:
    """Keep the announcement and ring for its follow-up; of equal ids only the first is kept."""
    at = clock.now()
    products = [{"sku": each.sku, "inputs": each.inputs} for each in announcement.products]
    delivery = HookDelivery(
        endpoint=endpoint,
        webhook_id=webhook_id,
        event=announcement.event,
        products=products,
        product_count=len(products),
        received_at=at,
        done_at=None if products else at,
    )
    try:
        with transaction.atomic():
            delivery.save(force_insert=True)
            HookEndpoint.objects.filter(pk=endpoint.pk).update(last_used_at=at)
            if products:
                followups.add(
                    kind=KIND, payload={"delivery": delivery.pk}, account=endpoint.account
                )
    except IntegrityError:
        first = HookDelivery.objects.get(endpoint=endpoint, webhook_id=webhook_id)
        return Taken(first, is_new=False)
    return Taken(delivery, is_new=True)
