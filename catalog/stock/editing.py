"""Edits of stock by a person: a level through the one write path, and the account's locations."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction

from bulk_sql import tables
from catalog.errors import EditRejected
from catalog.file_format.cells import CellError, NumberFormat
from catalog.models import Location, MovementKind
from catalog.stock.levels import compare, load_levels, write_levels
from catalog.stock.location_names import LocationName, parse_location
from catalog.stock.quantities import parse_quantity
from catalog.stock.variants import hold_variant
from catalog.writing.context import Actor, WriteContext
from jobs import clock

_LINE_OF_NUMBERS = NumberFormat(currency="")


def change_level(
    *,
    account_id: int,
    actor: Actor,
    variant_id: int,
    location_id: int,
    quantity: str,
    kind: MovementKind = MovementKind.SET,
) -> bool:
    """Set what lies at a location, or adjust it; whether anything changed. Raises EditRejected."""
    context = WriteContext(account_id=account_id, actor=actor, now=clock.now(), tables=tables())
    with transaction.atomic():
        location = Location.objects.filter(account_id=account_id, pk=location_id).first()
        if location is None:
            raise EditRejected({"location": ["Choose a location of this account."]})
        if not hold_variant(context, variant_id):
            raise EditRejected({"__all__": ["This variant does not exist any more."]})
        stored = load_levels(context, [variant_id], [location_id]).get((variant_id, location_id))
        with _naming("quantity"):
            change = compare(
                variant_id=variant_id,
                location=LocationName(location.name, location.key),
                stored=stored,
                quantity=parse_quantity(quantity.strip(), numbers=_LINE_OF_NUMBERS),
                kind=kind,
            )
        if change is not None:
            write_levels(context, [change], {location.key: location.pk})
        return change is not None


def create_location(*, account_id: int, name: str, is_default: bool) -> int:
    """Return the new location's id. Raises EditRejected."""
    location = Location(account_id=account_id, created_at=clock.now())
    return _save(location, name=name, is_default=is_default)


def edit_location(*, account_id: int, location_id: int, name: str, is_default: bool) -> None:
    """Rename a location, or choose it as the default one; the chosen one stays until another is.

    Raises EditRejected.
    """
    location = Location.objects.filter(account_id=account_id, pk=location_id).first()
    if location is None:
        raise EditRejected({"__all__": ["This location does not exist any more."]})
    _save(location, name=name, is_default=is_default or location.is_default)


def delete_location(*, account_id: int, location_id: int) -> None:
    """Movements keep its name. Raises EditRejected where something lies, or has lain, there."""
    with transaction.atomic():
        location = Location.objects.filter(account_id=account_id, pk=location_id)
        if location.filter(stock_levels__isnull=False).exists():
            text = "Variants have stock levels here, so the location stays. It can be renamed."
            raise EditRejected({"__all__": [text]})
        location.delete()


def _save(location: Location, *, name: str, is_default: bool) -> int:
    with _naming("name"):
        parsed = parse_location(name.strip())
    location.name, location.key = parsed.name, parsed.key
    location.is_default = is_default
    try:
        with transaction.atomic():
            if is_default:
                others = Location.objects.filter(account_id=location.account_id, is_default=True)
                others.exclude(pk=location.pk).update(is_default=False)
            location.save()
    except IntegrityError as error:
        text = "Another location of this account has this name."
        raise EditRejected({"name": [text]}) from error
    return location.pk


@contextmanager
def _naming(field: str) -> Iterator[None]:
    try:
        yield
    except CellError as error:
        raise EditRejected({field: [error.message]}) from error
