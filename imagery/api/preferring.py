"""`Prefer: wait=N` (RFC 7240): how long a caller would rather wait than be told to come back."""

import re
from typing import Final

from django.http import HttpRequest

HEADER: Final = "Prefer"
APPLIED: Final = "Preference-Applied"
#: Seconds. A web thread is held meanwhile.
LONGEST_WAIT: Final = 10
_WAIT: Final = re.compile(r'\s*wait\s*=\s*"?(\d{1,9})"?\s*(?:;.*)?', re.IGNORECASE)


def wanted_wait(request: HttpRequest) -> int | None:
    """In seconds, at most LONGEST_WAIT; None where nothing of the kind is preferred, or it makes
    no sense: a preference is never an error."""
    for preference in request.headers.get(HEADER, "").split(","):
        if found := _WAIT.fullmatch(preference):
            return min(int(found[1]), LONGEST_WAIT)
    return None
