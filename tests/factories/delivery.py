"""Pincodes of a courier's list."""

from factory.declarations import Sequence, SubFactory
from factory.django import DjangoModelFactory

from delivery.models import Courier, ServiceablePincode
from tests.factories.accounts import AccountFactory
from tests.factories.catalog import WRITTEN


class ServiceablePincodeFactory(DjangoModelFactory[ServiceablePincode]):
    class Meta:
        model = ServiceablePincode

    account = SubFactory(AccountFactory)
    courier = Courier.BLUEDART
    pincode = Sequence(lambda number: str(110_001 + number))
    mode = "surface"
    city = "NEW DELHI"
    state = "DELHI"
    cod = True
    prepaid = True
    is_serviceable = True
    created_at = WRITTEN
    updated_at = WRITTEN
