"""What people do with webhooks: give one a new secret, switch it off and on."""

from datetime import timedelta
from typing import Final

from django.db.models import F

from imagery.models import HookEndpoint
from jobs import clock

#: How long a sender has to change over to a new secret.
OVERLAP: Final = timedelta(hours=24)


def rotate_secret(*, endpoint: HookEndpoint, keep_old: bool) -> None:
    """Begin with a new secret; the old one stays good for a day, or (it leaked) not at all."""
    HookEndpoint.objects.filter(pk=endpoint.pk).update(
        generation=F("generation") + 1,
        previous_until=clock.now() + OVERLAP if keep_old else None,
    )
    endpoint.refresh_from_db(fields=["generation", "previous_until"])


def disable(*, endpoint: HookEndpoint) -> bool:
    """Refuse announcements from now on; what was announced is still made. False: it was off."""
    off = HookEndpoint.objects.filter(pk=endpoint.pk, disabled_at=None)
    return bool(off.update(disabled_at=clock.now()))


def enable(*, endpoint: HookEndpoint) -> bool:
    """Take announcements again, signed with the same secret. False if it was on."""
    on = HookEndpoint.objects.filter(pk=endpoint.pk, disabled_at__isnull=False)
    return bool(on.update(disabled_at=None))
