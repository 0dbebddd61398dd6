"""The locations pages: where stock lies, and which location is meant where none is named."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from unfold.contrib.filters.admin import RelatedDropdownFilter
from unfold.decorators import display

from bulk_uploads.admin.account_column import AccountColumn
from bulk_uploads.admin.large_lists import LargeListAdmin
from catalog.admin.stock_forms import LocationForm, NewLocationForm
from catalog.errors import EditRejected
from catalog.models import Location
from catalog.stock.editing import create_location, delete_location, edit_location


@admin.register(Location)
class LocationAdmin(AccountColumn, LargeListAdmin):
    empty_text = (
        "No location yet: a warehouse, a shop or a shelf. A stock file makes those that it names."
    )
    list_display = ("name", "role", "stock")
    list_filter = (("account", RelatedDropdownFilter),)
    list_filter_submit = True
    list_select_related = ("account",)
    search_fields = ("name",)
    search_help_text = "Find a location by its name"
    ordering = ("key",)
    actions = None

    @display(description="Used where none is named", label={"Default": "success"})
    def role(self, location: Location) -> str:
        return "Default" if location.is_default else ""

    @display(description="Stock")
    def stock(self, location: Location) -> str:
        return format_html('<a class="look-link" href="{}">See its stock</a>', _stock_url(location))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        location = self.get_object(request, object_id)
        if location is None:
            return self._gone(request, object_id)
        may_change = self.has_change_permission(request, location)
        if request.method == "POST" and not may_change:
            raise PermissionDenied
        form = LocationForm.of(location, request.POST if request.method == "POST" else None)
        if not may_change:
            form.disable()
        if form.is_valid():
            try:
                edit_location(
                    account_id=location.account_id,
                    location_id=location.pk,
                    name=form.cleaned_data["name"],
                    is_default=form.cleaned_data["is_default"],
                )
            except EditRejected as refused:
                form.add_refusals(refused.errors)
            else:
                return self._done(request, "The location was saved.")
        context = {
            "title": str(location),
            "object": location,
            "may_change": may_change,
            "may_delete": self.has_delete_permission(request, location),
            "levels": location.stock_levels.count(),
            "stock_url": _stock_url(location),
        }
        return self._page(request, form, context)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        posted = request.POST if request.method == "POST" else None
        form = NewLocationForm(posted, person=request.user)
        if form.is_valid():
            try:
                create_location(
                    account_id=form.cleaned_data["account"].pk,
                    name=form.cleaned_data["name"],
                    is_default=form.cleaned_data["is_default"],
                )
            except EditRejected as refused:
                form.add_refusals(refused.errors)
            else:
                return self._done(request, "The location was made.")
        return self._page(request, form, {"title": "New location", "may_change": True})

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        location = self.get_object(request, object_id)
        if location is None:
            return self._gone(request, object_id)
        if not self.has_delete_permission(request, location):
            raise PermissionDenied
        refusals: list[str] = []
        if request.method == "POST":
            try:
                delete_location(account_id=location.account_id, location_id=location.pk)
            except EditRejected as refused:
                refusals = [text for texts in refused.errors.values() for text in texts]
            else:
                return self._done(request, f"{location} was deleted.")
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": f"Delete {location}?",
            "object": location,
            "refusals": refusals,
            "page_url": reverse("admin:catalog_location_change", args=[location.pk]),
        }
        status = 409 if refusals else 200
        return TemplateResponse(request, "catalog/delete_location.html", context, status=status)

    def _page(
        self, request: HttpRequest, form: LocationForm, context: dict[str, Any]
    ) -> HttpResponse:
        shared = {**self.admin_site.each_context(request), "opts": self.opts, "form": form}
        status = 422 if form.is_bound else 200
        return TemplateResponse(
            request, "catalog/location.html", {**shared, **context}, status=status
        )

    def _done(self, request: HttpRequest, text: str) -> HttpResponse:
        self.message_user(request, text, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:catalog_location_changelist"))

    def _gone(self, request: HttpRequest, object_id: str) -> HttpResponse:
        response: HttpResponse = self._get_obj_does_not_exist_redirect(
            request, self.opts, object_id
        )
        return response


def _stock_url(location: Location) -> str:
    query = urlencode({"location__id__exact": location.pk})
    return f"{reverse('admin:catalog_stocklevel_changelist')}?{query}"
