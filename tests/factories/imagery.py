"""Budgets, prices and calls to providers."""

from datetime import date

from factory.declarations import SubFactory
from factory.django import DjangoModelFactory

from imagery.models import PriceRow, PriceUnit, ProviderCall
from imagery.providers.protocol import Operation
from tests.factories.accounts import AccountFactory


class PriceRowFactory(DjangoModelFactory[PriceRow]):
    """Ten micro-units for each picture of the provider "painter"."""

    class Meta:
        model = PriceRow

    account = SubFactory(AccountFactory)
    provider = "painter"
    from_date = date(2024, 1, 1)
    unit = PriceUnit.IMAGE
    unit_micros = 10
    source = "painter.example/prices"


class ProviderCallFactory(DjangoModelFactory[ProviderCall]):
    """A planned call for one picture."""

    class Meta:
        model = ProviderCall

    account = SubFactory(AccountFactory)
    provider = "painter"
    model = "oil-1"
    operation = Operation.GENERATE
    images = 1
