"""How often, and by how many calls at once, an account asks a provider: what managers set."""

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Least

from accounts.models import Account
from imagery.models import ProviderState
from imagery.money.slots import state_of


@transaction.atomic
def set_pace(
    *, account: Account, provider: str, per_minute: int | None, most_at_once: int
) -> ProviderState:
    """`per_minute` None: as often as it answers. Calls that are out stay out."""
    pk = state_of(provider=provider, account=account).pk
    ProviderState.objects.select_for_update().get(pk=pk)
    ProviderState.objects.filter(pk=pk).update(
        per_minute=per_minute,
        at_once_now=Least(F("at_once_now"), most_at_once),
        most_at_once=most_at_once,
    )
    return ProviderState.objects.get(pk=pk)
