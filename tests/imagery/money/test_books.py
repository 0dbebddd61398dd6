"""Whatever happens in whatever order, the books add up and the cap holds."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from imagery.errors import CallHasEnded, CallMustWait
from imagery.models import BudgetMonth, ProviderCall
from imagery.money import ledger
from imagery.money.books import imbalances
from imagery.money.budgets import set_budget, set_upload_cap
from tests.factories.accounts import AccountFactory
from tests.factories.bulk_uploads import BulkUploadFactory
from tests.factories.imagery import ProviderCallFactory
from tests.imagery.money.outcomes import REFUSED, UNKNOWN, delivered

pytestmark = pytest.mark.django_db

CALLS = 4
CAP = 100
STEPS = {
    "reserve": lambda call, micros: ledger.reserve(call=call, maximum_micros=micros),
    "settle": lambda call, micros: ledger.settle(
        call=call, actual_micros=micros, outcome=delivered()
    ),
    "release": lambda call, _: ledger.release(call=call, outcome=REFUSED),
    "risk": lambda call, _: ledger.mark_at_risk(call=call, outcome=UNKNOWN),
    "resolve": lambda call, micros: ledger.resolve(call=call, actual_micros=micros),
}
step = st.tuples(
    st.sampled_from(sorted(STEPS)),
    st.integers(min_value=0, max_value=CALLS - 1),
    st.integers(min_value=0, max_value=70),
)


@given(steps=st.lists(step, max_size=14))
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_the_books_add_up_after_every_step(db, steps):
    account = AccountFactory.create()
    set_budget(account=account, monthly_cap_micros=CAP)
    upload = BulkUploadFactory.create(account=account)
    set_upload_cap(upload=upload, cap_micros=60)
    calls = [
        ProviderCallFactory.create(account=account, upload=upload if number % 2 else None)
        for number in range(CALLS)
    ]
    for name, number, micros in steps:
        before = BudgetMonth.objects.get(account=account).used_micros
        try:
            STEPS[name](calls[number], micros)
        except (CallHasEnded, CallMustWait):
            assert BudgetMonth.objects.get(account=account).used_micros == before
        assert imbalances(account=account) == ()
        after = BudgetMonth.objects.get(account=account).used_micros
        assert name != "reserve" or after <= max(CAP, before)

    assert not [call for call in ProviderCall.objects.filter(state="ended") if call.open_micros]
