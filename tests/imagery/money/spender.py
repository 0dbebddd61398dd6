"""A process that sends every due call it can get, in an order that follows from its argument."""

import random
import sys
from collections.abc import Callable
from datetime import timedelta

import django
from django.db import OperationalError

django.setup()

from imagery.errors import CallHasEnded, CallMustWait  # noqa: E402
from imagery.models import ProviderCall  # noqa: E402
from imagery.money import calls  # noqa: E402
from imagery.providers.protocol import CallOutcome  # noqa: E402
from tests.imagery.money.outcomes import NOT_SENT, UNKNOWN, delivered  # noqa: E402


def main(seed: int) -> None:
    chance = random.Random(seed)
    keys = list(ProviderCall.objects.values_list("pk", flat=True))
    chance.shuffle(keys)
    for key in keys:
        due = ProviderCall.objects.filter(pk=key, state="planned", waits_for="")
        call = due.select_related("account").first()
        if call is not None:
            spend(call, chance.choice([delivered(), delivered(), UNKNOWN, NOT_SENT]))


def spend(call: ProviderCall, outcome: CallOutcome) -> None:
    try:
        begun = patiently(lambda: calls.begin(call=call, lease=timedelta(minutes=5)))
    except (CallHasEnded, CallMustWait):
        return
    patiently(lambda: calls.end(call=begun, outcome=outcome))


def patiently(act: Callable[[], ProviderCall]) -> ProviderCall:
    """SQLite lets writers in by chance, and turns away who had none for too long."""
    while True:
        try:
            return act()
        except OperationalError as error:
            if "locked" not in str(error):
                raise


if __name__ == "__main__":
    main(int(sys.argv[1]))
