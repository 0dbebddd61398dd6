"""Locations and stock levels, each level with the movement that made it."""

from decimal import Decimal
from typing import Any

from factory.declarations import LazyAttribute, SelfAttribute, Sequence, SubFactory
from factory.django import DjangoModelFactory

from catalog.models import Location, MovementKind, StockLevel, StockMovement
from tests.factories.accounts import AccountFactory
from tests.factories.catalog import WRITTEN, VariantFactory


class LocationFactory(DjangoModelFactory[Location]):
    class Meta:
        model = Location
        django_get_or_create = ("account", "key")

    account = SubFactory(AccountFactory)
    name = Sequence(lambda number: f"Warehouse {number}")
    key = LazyAttribute(lambda location: location.name.casefold())
    created_at = WRITTEN


class StockLevelFactory(DjangoModelFactory[StockLevel]):
    """Give it a `variant`; a location of the same account is made where none is given."""

    class Meta:
        model = StockLevel

    variant = SubFactory(VariantFactory)
    account = SelfAttribute("variant.account")
    location = SubFactory(LocationFactory, account=SelfAttribute("..account"))
    quantity = Decimal("10")
    updated_at = WRITTEN

    @classmethod
    def _create(cls, model_class: type[StockLevel], *args: Any, **kwargs: Any) -> StockLevel:
        movement = StockMovement.objects.create(
            account=kwargs["account"],
            variant_id=kwargs["variant"].pk,
            location=kwargs["location"],
            location_name=kwargs["location"].name,
            kind=MovementKind.SET,
            after=kwargs["quantity"],
            at=kwargs["updated_at"],
        )
        kwargs.setdefault("last_movement_id", movement.pk)
        return super()._create(model_class, *args, **kwargs)
