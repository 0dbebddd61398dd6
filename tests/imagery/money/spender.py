"""Processes that each send every due call they can get, in orders that follow from their numbers.

They part only once the application is loaded, which would take most of their time.
"""

import os
import random
import sys
import traceback
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

_AT_ONCE = 20


def main(workers: int) -> int:
    """How many of the processes failed."""
    children = [_parted(seed) for seed in range(workers)]
    return sum(os.waitpid(child, 0)[1] != 0 for child in children)


def _parted(seed: int) -> int:
    child = os.fork()
    if child:
        return child
    try:
        work(seed)
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    # What the process it comes from has begun is not this one's to end.
    os._exit(0)


def work(seed: int) -> None:
    chance = random.Random(seed)
    keys = list(ProviderCall.objects.values_list("pk", flat=True))
    chance.shuffle(keys)
    for start in range(0, len(keys), _AT_ONCE):
        some = keys[start : start + _AT_ONCE]
        due = ProviderCall.objects.filter(pk__in=some, state="planned", waits_for="")
        for call in due.select_related("account"):
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
    sys.exit(main(int(sys.argv[1])))
