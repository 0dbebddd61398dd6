"""The follow-up of an announcement: its products' images are asked for."""

from typing import Final

from imagery.models import HookDelivery, Trigger
from imagery.planning.requests import Target, request_images
from imagery.recipes.editing import version_in_force
from jobs import clock, followups
from jobs.models import FollowUp

KIND: Final = "imagery.hook_announcement"
ARCHIVED: Final = "The webhook's recipe is archived: choose another one for it."


def register() -> None:
    followups.register(KIND, request_announced)


def request_announced(follow_up: FollowUp) -> None:
    """Again, it does nothing. Where its worker dies halfway, jobs are made twice, and images once:
    no lock is held over all products."""
    deliveries = HookDelivery.objects.select_related("endpoint__account", "endpoint__recipe")
    delivery = deliveries.filter(pk=follow_up.payload["delivery"], done_at=None).first()
    if delivery is None:
        return
    if delivery.endpoint.recipe.is_archived:
        delivery.problem = ARCHIVED
    else:
        _request(delivery)
    delivery.products, delivery.done_at = [], clock.now()
    delivery.save()


def _request(delivery: HookDelivery) -> None:
    endpoint = delivery.endpoint
    targets = [
        Target(sku=each["sku"], inputs=each["inputs"], images=endpoint.images)
        for each in delivery.products
    ]
    asked = request_images(
        account=endpoint.account,
        targets=targets,
        version=version_in_force(account=endpoint.account, name=endpoint.recipe.name),
        trigger=Trigger.HOOK,
        hook=endpoint,
    )
    delivery.jobs, delivery.already = len(asked.jobs), asked.already
