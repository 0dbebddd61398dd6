"""The pincodes pages: where couriers deliver, and what is known of one pincode."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.formats import date_format
from unfold.contrib.filters.admin import (
    BooleanRadioFilter,
    ChoicesDropdownFilter,
    RelatedDropdownFilter,
)
from unfold.decorators import display

from bulk_sql.numbers import plain_decimal
from bulk_uploads.admin.account_column import AccountColumn
from bulk_uploads.admin.large_lists import LargeListAdmin
from bulk_uploads.admin.read_only import ReadOnly
from delivery.admin.filters import ModeFilter, PincodeUploadFilter, StateFilter
from delivery.admin.history import changes_of
from delivery.models import ServiceablePincode

_PLACE = ("city", "location", "location_type", "state", "state_code", "region")
_SERVICE = (
    *("cod", "cod_limit", "prepaid", "prepaid_limit", "embargo", "extended", "extended_km"),
    "is_listed",
)
_CODES = ("service_center", "area", "destination_area", "zone", "service_flag")
_UNITS = {"extended_km": " km", "cod_limit": " INR", "prepaid_limit": " INR"}


@admin.register(ServiceablePincode)
class ServiceablePincodeAdmin(ReadOnly, AccountColumn, LargeListAdmin):
    empty_text = (
        "No courier's list is here yet. Upload Blue Dart's pincode file: each of its rows says "
        "whether and how one pincode is served."
    )
    list_display = ("pincode", "shown_mode", "city", "state", "served", "payment", "courier")
    list_display_links = ("pincode",)
    list_filter = (
        ("is_serviceable", BooleanRadioFilter),
        StateFilter,
        ModeFilter,
        ("courier", ChoicesDropdownFilter),
        PincodeUploadFilter,
        ("account", RelatedDropdownFilter),
    )
    list_filter_submit = True
    list_select_related = ("account",)
    search_fields = ("pincode__startswith", "city")
    search_help_text = "Find a pincode by its digits or its city"
    ordering = ("pincode", "mode", "id")
    actions = None

    @display(description="Mode", ordering="mode")
    def shown_mode(self, row: ServiceablePincode) -> str:
        return row.mode.capitalize() or "-"

    @display(
        description="Serviceable",
        ordering="is_serviceable",
        label={"Served": "success", "Not served": "danger"},
    )
    def served(self, row: ServiceablePincode) -> str:
        return "Served" if row.is_serviceable else "Not served"

    @display(description="Payment")
    def payment(self, row: ServiceablePincode) -> str:
        said = (("cash on delivery", row.cod), ("prepaid", row.prepaid))
        ways = ", ".join(word for word, possible in said if possible)
        return ways[:1].upper() + ways[1:] or "-"

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        row = self.get_object(request, object_id)
        if row is None:
            gone: HttpResponse = self._get_obj_does_not_exist_redirect(
                request, self.opts, object_id
            )
            return gone
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": f"{row.pincode} {row.city}".rstrip(),
            "subtitle": row.get_courier_display(),
            "object": row,
            "state": self.served(row),
            "why": list(_reasons(row)),
            "sections": [
                ("What it offers", _facts(row, _SERVICE)),
                ("Where it is", _facts(row, _PLACE)),
                ("The courier's codes", _facts(row, _CODES)),
            ],
            "changed": date_format(row.updated_at, "j M Y, H:i"),
            "history": changes_of(row),
        }
        return TemplateResponse(request, "delivery/serviceable_pincode.html", context)


def _facts(row: ServiceablePincode, names: Sequence[str]) -> list[tuple[str, str]]:
    labels = {field.attname: field.verbose_name for field in row._meta.concrete_fields}
    shown = ((name, _in_words(getattr(row, name))) for name in names)
    return [
        (str(labels[name]).capitalize(), text + _UNITS.get(name, ""))
        for name, text in shown
        if text
    ]


def _in_words(value: Any) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, Decimal):
        return plain_decimal(value)
    return "" if value is None else str(value)


def _reasons(row: ServiceablePincode) -> Iterator[str]:
    """Why it is not served; nothing where it is."""
    if row.is_serviceable:
        return
    if not row.is_listed:
        yield "The courier's newest list leaves it out."
    if row.embargo:
        yield "It is under embargo."
    if row.cod is False and row.prepaid is False:
        yield "Neither cash on delivery nor prepaid is possible."
    if not (row.embargo or not row.is_listed or (row.cod is False and row.prepaid is False)):
        yield f"The courier's service flag is {row.service_flag!r}."
