"""What a worker was refused a moment ago: not asked again for each of fifty thousand jobs."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from imagery.errors import CallMustWait
from imagery.models import ProviderCall, WaitsFor

#: After this time one call tries again: somebody may have raised a cap, or resumed a provider.
_FORGOTTEN_AFTER: Final = timedelta(seconds=3)
_BOUND_KNOWN_FOR: Final = timedelta(seconds=1)
_OF_PROVIDER: Final = frozenset({WaitsFor.PROVIDER_PAUSED, WaitsFor.COOL_DOWN, WaitsFor.RATE})
_OF_PRICE: Final = frozenset({WaitsFor.PRICE, WaitsFor.PRICE_PAUSED})


@dataclass(slots=True)
class Closures:
    """Refusals by what they hold for, and until when they are remembered."""

    _known: dict[tuple[object, ...], tuple[CallMustWait, datetime]] = field(default_factory=dict)

    def note(self, call: ProviderCall, refusal: CallMustWait, *, at: datetime) -> None:
        """Of reasons that are not known here, nothing is remembered."""
        key = _key(call, refusal.reason)
        if key is not None:
            until = at + _FORGOTTEN_AFTER
            self._known[key] = refusal, min(until, refusal.until or until)

    def forget(self, call: ProviderCall, refusal: CallMustWait) -> None:
        """It holds no more, for this call and those like it."""
        self._known.pop(_key(call, refusal.reason) or (), None)

    def refusal_of(self, call: ProviderCall, *, at: datetime) -> CallMustWait | None:
        """Why the call would be refused, had it been asked."""
        for reason in WaitsFor.values:
            key = _key(call, reason)
            refusal, until = self._known.get(key, (None, at)) if key else (None, at)
            if refusal is not None and until > at:
                return refusal
        return None


@dataclass(slots=True)
class Bounds:
    """How many of our own calls a provider bore for an account when it last bore no more: known
    for a second, since others' calls end and the bound moves."""

    _known: dict[tuple[int, str], tuple[int, datetime]] = field(default_factory=dict)

    def note(self, call: ProviderCall, *, out: int, at: datetime) -> None:
        self._known[call.account_id, call.provider] = out, at + _BOUND_KNOWN_FOR

    def is_reached(self, call: ProviderCall, *, out: int, at: datetime) -> bool:
        bound, until = self._known.get((call.account_id, call.provider), (0, at))
        return until > at and out >= bound


def _key(call: ProviderCall, reason: str) -> tuple[object, ...] | None:
    if reason in _OF_PROVIDER:
        return reason, call.account_id, call.provider
    asked = (call.account_id, call.provider, call.model, call.operation, call.quality)
    if reason in _OF_PRICE:
        return reason, *asked
    if reason == WaitsFor.BUDGET:
        return reason, *asked, call.images
    if reason == WaitsFor.UPLOAD_BUDGET:
        return reason, *asked, call.images, call.upload_id
    return None
