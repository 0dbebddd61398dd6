"""The forms of stock: a level, a new level, a location."""

from typing import Any

from django import forms
from django.contrib.admin import AdminSite
from django.contrib.admin.widgets import AutocompleteSelect

from accounts.access import Person
from accounts.scoping.reach import Reach
from bulk_uploads.admin.account_choice import AccountChoice
from bulk_uploads.admin.row_ids import is_id
from catalog.admin.edit_form import EditForm
from catalog.models import Location, MovementKind, StockLevel, Variant
from catalog.models.stock import LONGEST_LOCATION

_INPUT = {"class": "look-input"}
_LONGEST_QUANTITY = 40
_KINDS = {"set": MovementKind.SET, "adjust": MovementKind.ADJUST}


def _quantity(label: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=_LONGEST_QUANTITY,
        widget=forms.TextInput(attrs={**_INPUT, "inputmode": "decimal", "autocomplete": "off"}),
    )


class LevelForm(EditForm):
    """`seen_change` is the movement that had made the level what the person saw."""

    mode = forms.ChoiceField(
        label="What to do",
        initial="set",
        choices=[("set", "Set it to this quantity"), ("adjust", "Add this quantity to it")],
        widget=forms.RadioSelect,
    )
    quantity = _quantity("Quantity")

    @classmethod
    def of(cls, level: StockLevel, data: Any = None) -> "LevelForm":
        return cls(data, initial={"seen_change": str(level.last_movement_id)})

    @property
    def kind(self) -> MovementKind:
        return _KINDS[self.cleaned_data["mode"]]


class _PlainSelect(AutocompleteSelect):
    """Django's widget asks the database for whatever was posted, also for what is no id."""

    def optgroups(self, name: str, value: Any, attr: Any = None) -> Any:
        return super().optgroups(name, [text for text in map(str, value) if is_id(text)], attr)


class NewLevelForm(EditForm):
    """Variants and locations are those of the accounts in reach."""

    quantity = _quantity("Quantity")
    field_order = ("variant", "location", "quantity")

    def __init__(self, *args: Any, reach: Reach, site: AdminSite, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, model in (("variant", Variant), ("location", Location)):
            self.fields[name] = forms.ModelChoiceField(
                queryset=reach.rows(model._default_manager.all()),
                widget=_PlainSelect(StockLevel._meta.get_field(name), site),
            )
        self.order_fields(self.field_order)


class LocationForm(EditForm):
    name = forms.CharField(max_length=LONGEST_LOCATION, widget=forms.TextInput(attrs=_INPUT))
    is_default = forms.BooleanField(label="The account's default location", required=False)

    @classmethod
    def of(cls, location: Location, data: Any = None) -> "LocationForm":
        form = cls(data, initial={"name": location.name, "is_default": location.is_default})
        # Another location becomes the default one by being chosen.
        form.fields["is_default"].disabled = location.is_default
        return form


class NewLocationForm(LocationForm):
    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        account = self.fields["account"] = AccountChoice()
        self.asks_account = account.offer(person, "catalog.add_location")
