"""The form of one variant: its values, and the attributes and property sets of its account."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib.admin import AdminSite
from django.forms.boundfield import BoundField

from bulk_sql.numbers import plain_decimal
from catalog.admin.edit_form import EditForm
from catalog.admin.list_field import ListField
from catalog.admin.product_select import ProductSelect
from catalog.admin.text_widgets import LineOrLines, Lines
from catalog.models import Product, SetKind, Variant
from catalog.reading.definitions import AttributeInfo, Definitions, EntryInfo, SetInfo

_INPUT = {"class": "look-input"}
_NUMBER = {**_INPUT, "inputmode": "decimal"}


def _text(label: str, longest: int, **kwargs: Any) -> forms.CharField:
    widget = LineOrLines(attrs=_INPUT)
    return forms.CharField(label=label, max_length=longest, required=False, widget=widget, **kwargs)


def _number(label: str) -> forms.CharField:
    """Text: the write path reads it, so that numbers are understood as in a file, and are
    refused together with whatever else is wrong."""
    widget = forms.TextInput(attrs=_NUMBER)
    return forms.CharField(label=label, max_length=100, required=False, widget=widget)


@dataclass(frozen=True, slots=True)
class AttributeRow:
    info: AttributeInfo
    field: BoundField


@dataclass(frozen=True, slots=True)
class EntryRow:
    info: EntryInfo
    field: BoundField


@dataclass(frozen=True, slots=True)
class SetSection:
    """One property set: a table has `entries`, a list or a gallery has its one `field`."""

    name: str
    kind: str
    is_used: bool
    entries: list[EntryRow]
    field: BoundField | None


class VariantValuesForm(EditForm):
    """The values every variant can have."""

    display_name = _text("Display name", 500)
    description = forms.CharField(
        label="Description",
        required=False,
        strip=False,
        widget=Lines(attrs={**_INPUT, "rows": 8}),
    )
    active = forms.BooleanField(label="Active", required=False, initial=True)
    ean = _text("EAN", 14, help_text="EAN, UPC or GTIN with its check digit")
    price = _number("Price")
    list_price = _number("List price")
    tax_number = _text("Tax number", 100, help_text="For example an HSN code")
    tax_rate = _text("Tax rate", 100, help_text="For example 18% GST")
    length_mm = _number("Length")
    width_mm = _number("Width")
    height_mm = _number("Height")
    weight_g = _number("Weight")

    def changed_values(self) -> dict[str, object]:
        return {name: self.cleaned_data[name] for name in VALUE_NAMES if name in self.changed_data}


VALUE_NAMES = tuple(name for name in VariantValuesForm.base_fields if name != "seen_change")


class VariantForm(VariantValuesForm):
    """`media` is {set id: URLs in order}; both it and the definitions are of this account."""

    def __init__(
        self,
        data: Any,
        *,
        variant: Variant,
        definitions: Definitions,
        media: Mapping[int, Sequence[str]],
        site: AdminSite,
    ) -> None:
        super().__init__(data, initial=_initial(variant))
        self._definitions = definitions
        self._sets = [*definitions.property_sets]
        if definitions.media_paths:
            self._sets.insert(0, definitions.media_paths)
        self._used: set[str] = set()
        self.fields["product"] = forms.ModelChoiceField(
            queryset=Product.objects.for_account(variant.account_id),
            help_text="Choosing another product moves the variant there.",
            widget=ProductSelect(site),
        )
        self._add_attributes(variant)
        self._add_sets(variant, media)

    def _add_attributes(self, variant: Variant) -> None:
        for info in self._definitions.attributes:
            stored = variant.attributes.get(str(info.id), "")
            self._add(f"attribute_{info.id}", _text(info.name, 100_000), stored)

    def _add_sets(self, variant: Variant, media: Mapping[int, Sequence[str]]) -> None:
        for found in self._sets:
            stored = variant.property_sets.get(str(found.id), [])
            if found.kind is SetKind.TABLE:
                lines = stored if isinstance(stored, dict) else {}
                for entry in found.entries:
                    name = f"entry_{found.id}_{entry.id}"
                    self._add(name, _list(entry.key), lines.get(str(entry.id), []))
            elif found.kind is SetKind.LIST:
                self._add(f"list_{found.id}", _list(found.name), stored)
            else:
                urls = list(media.get(found.id, []))
                self._add(f"media_{found.id}", _list(found.name or "Pictures"), urls)

    def _add(self, name: str, field: forms.Field, stored: Any) -> None:
        self.fields[name] = field
        self.initial[name] = stored
        if stored:
            self._used.add(name)

    # For the page

    @property
    def used_attributes(self) -> list[AttributeRow]:
        return [row for row in self._attribute_rows() if self._shown(row.field)]

    @property
    def other_attributes(self) -> list[AttributeRow]:
        return [row for row in self._attribute_rows() if not self._shown(row.field)]

    def _attribute_rows(self) -> list[AttributeRow]:
        return [
            AttributeRow(info, self[f"attribute_{info.id}"])
            for info in self._definitions.attributes
        ]

    def _shown(self, field: BoundField) -> bool:
        """Used already, or just written into (and perhaps refused)."""
        return field.name in self._used or bool(self.is_bound and field.value())

    @property
    def used_sets(self) -> list[SetSection]:
        return [section for section in self._sections() if section.is_used]

    @property
    def other_sets(self) -> list[SetSection]:
        return [section for section in self._sections() if not section.is_used]

    def _sections(self) -> list[SetSection]:
        return [self._section(found) for found in self._sets]

    def _section(self, found: SetInfo) -> SetSection:
        name = found.name or "Pictures"
        if found.kind is SetKind.TABLE:
            rows = [EntryRow(info, self[f"entry_{found.id}_{info.id}"]) for info in found.entries]
            used = any(self._shown(row.field) for row in rows)
            return SetSection(name, found.kind.value, used, rows, None)
        field = self[f"{found.kind.value}_{found.id}"]
        return SetSection(name, found.kind.value, self._shown(field), [], field)

    # For saving

    def changed_attributes(self) -> dict[int, str]:
        return {
            info.id: self.cleaned_data[name]
            for info in self._definitions.attributes
            if (name := f"attribute_{info.id}") in self.changed_data
        }

    def changed_tables(self) -> dict[int, dict[int, list[str]]]:
        found = {
            table.id: {
                entry.id: self.cleaned_data[name]
                for entry in table.entries
                if (name := f"entry_{table.id}_{entry.id}") in self.changed_data
            }
            for table in self._sets
        }
        return {set_id: entries for set_id, entries in found.items() if entries}

    def changed_lists(self) -> dict[int, list[str]]:
        return self._changed_of(SetKind.LIST)

    def changed_media(self) -> dict[int, list[str]]:
        return self._changed_of(SetKind.MEDIA)

    def _changed_of(self, kind: SetKind) -> dict[int, list[str]]:
        return {
            found.id: self.cleaned_data[name]
            for found in self._sets
            if found.kind is kind and (name := f"{kind.value}_{found.id}") in self.changed_data
        }

    def field_of(self, changed: str) -> str | None:
        """`attributes.7`, `property_sets.3`, `property_sets.3.12` and `media.5` have fields."""
        prefix, _, rest = changed.partition(".")
        names = {
            "attributes": [f"attribute_{rest}"],
            "property_sets": [f"list_{rest}", f"entry_{rest.replace('.', '_')}"],
            "media": [f"media_{rest}"],
        }.get(prefix, [changed])
        return next((name for name in names if name in self.fields), None)


def _list(label: str) -> ListField:
    return ListField(label=label, required=False)


def _initial(variant: Variant) -> dict[str, Any]:
    values = {name: getattr(variant, name) for name in VALUE_NAMES}
    return {
        **{
            name: plain_decimal(value) if isinstance(value, Decimal) else value
            for name, value in values.items()
        },
        "product": variant.product_id,
        "seen_change": variant.last_change_id or "",
    }
