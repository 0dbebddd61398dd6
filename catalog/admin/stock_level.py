"""The stock pages: every level of the account, and the page that sets or adjusts one."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from unfold.contrib.filters.admin import RelatedDropdownFilter
from unfold.decorators import action, display

from bulk_sql.numbers import plain_decimal
from bulk_uploads.admin.account_column import AccountColumn
from bulk_uploads.admin.large_lists import LargeListAdmin
from catalog.admin.edit_pages import Stale, acting
from catalog.admin.stock_filters import QuantityFilter, StockUploadFilter
from catalog.admin.stock_forms import LevelForm, NewLevelForm
from catalog.admin.stock_history import movements_of
from catalog.errors import EditRejected
from catalog.models import StockLevel, Variant
from catalog.stock.editing import change_level

_TONES = {"Below zero": "danger", "None left": "default", "In stock": "success"}


@admin.register(StockLevel)
class StockLevelAdmin(AccountColumn, LargeListAdmin):
    empty_text = (
        "No variant is stocked yet. Upload a stock file with the columns SKU, Location and "
        "Quantity, or stock a variant at a location by hand."
    )
    list_display = ("sku", "product", "place", "amount", "state", "changed")
    list_display_links = ("sku",)
    list_filter = (
        QuantityFilter,
        ("location", RelatedDropdownFilter),
        StockUploadFilter,
        ("account", RelatedDropdownFilter),
    )
    list_filter_submit = True
    list_select_related = ("variant__product", "location", "account")
    search_fields = ("variant__sku",)
    search_help_text = "Find stock by SKU"
    ordering = ("-id",)
    actions = None
    actions_list = ("locations",)
    autocomplete_fields = ("variant", "location")

    @action(description="Locations", url_path="locations")
    def locations(self, request: HttpRequest) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:catalog_location_changelist"))

    @display(description="SKU", ordering="variant__sku")
    def sku(self, level: StockLevel) -> str:
        return level.variant.sku

    @display(description="Variant")
    def product(self, level: StockLevel) -> str:
        return format_html(
            '<a class="look-link" href="{}">{}</a>',
            reverse("admin:catalog_variant_change", args=[level.variant_id]),
            level.variant.display_name or level.variant.product.name,
        )

    @display(description="Location", ordering="location__name")
    def place(self, level: StockLevel) -> str:
        return level.location.name

    @display(description="Quantity", ordering="quantity")
    def amount(self, level: StockLevel) -> str:
        return plain_decimal(level.quantity)

    @display(description="State", label=_TONES)
    def state(self, level: StockLevel) -> str:
        if level.quantity < 0:
            return "Below zero"
        return "In stock" if level.quantity else "None left"

    @display(description="Last changed", ordering="updated_at")
    def changed(self, level: StockLevel) -> str:
        return date_format(level.updated_at, "j M Y, H:i")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A level is set to 0; it goes with its variant."""
        return False

    # One level

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        level = self.get_object(request, object_id)
        if level is None:
            gone: HttpResponse = self._get_obj_does_not_exist_redirect(
                request, self.opts, object_id
            )
            return gone
        if request.method == "POST":
            return self._save(request, level)
        form = LevelForm.of(level)
        if not self.has_change_permission(request, level):
            form.disable()
        return self._page(request, level, form)

    def _save(self, request: HttpRequest, level: StockLevel) -> HttpResponse:
        if not self.has_change_permission(request, level):
            raise PermissionDenied
        form = LevelForm.of(level, request.POST)
        if form.is_valid():
            try:
                changed = self._write_unless_stale(request, level, form)
            except EditRejected as refused:
                form.add_refusals(refused.errors)
            except Stale:
                return self._stale_page(request, level)
            else:
                text = "The stock was saved." if changed else "Nothing was changed: it was so."
                self.message_user(request, text, messages.SUCCESS if changed else messages.INFO)
                return HttpResponseRedirect(request.get_full_path())
        return self._page(request, level, form, status=422)

    def _write_unless_stale(self, request: HttpRequest, level: StockLevel, form: LevelForm) -> bool:
        with transaction.atomic():
            # Whoever writes stock holds the variant first: locking the level could end in a knot.
            Variant.objects.select_for_update().filter(pk=level.variant_id).first()
            levels = StockLevel.objects.filter(pk=level.pk)
            newest = levels.values_list("last_movement_id", flat=True).first()
            if str(newest or "") != form.cleaned_data["seen_change"]:
                raise Stale
            return change_level(
                account_id=level.account_id,
                actor=acting(request),
                variant_id=level.variant_id,
                location_id=level.location_id,
                quantity=form.cleaned_data["quantity"],
                kind=form.kind,
            )

    def _stale_page(self, request: HttpRequest, level: StockLevel) -> HttpResponse:
        """What the level is now; the person's own entry has to be thought over."""
        fresh = self.get_object(request, str(level.pk))
        if fresh is None:
            return self._get_obj_does_not_exist_redirect(  # type: ignore[no-any-return]
                request, self.opts, str(level.pk)
            )
        return self._page(
            request, fresh, LevelForm.of(fresh), status=409, was_entered=request.POST["quantity"]
        )

    def _page(
        self,
        request: HttpRequest,
        level: StockLevel,
        form: LevelForm,
        *,
        status: int = 200,
        was_entered: str = "",
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": level.variant.sku,
            "subtitle": level.location.name,
            "object": level,
            "form": form,
            "quantity": plain_decimal(level.quantity),
            "state": self.state(level),
            "tone": _TONES[self.state(level)],
            "movements": movements_of(level, viewer=request.user),
            "may_change": self.has_change_permission(request, level),
            "was_entered": was_entered,
        }
        return TemplateResponse(request, "catalog/stock_level.html", context, status=status)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related(*self.list_select_related)

    # A new level

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = NewLevelForm(
            request.POST if request.method == "POST" else None,
            reach=self.reach(request, "add"),
            site=self.admin_site,
            initial={"variant": request.GET.get("variant", "")},
        )
        if form.is_valid():
            try:
                return HttpResponseRedirect(self._add(request, form))
            except EditRejected as refused:
                form.add_refusals(refused.errors)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "Stock a variant at a location",
            "form": form,
        }
        status = 422 if form.is_bound else 200
        return TemplateResponse(request, "catalog/new_stock_level.html", context, status=status)

    def _add(self, request: HttpRequest, form: NewLevelForm) -> str:
        """The page of the level; what is there already is not set past its own page."""
        variant, location = form.cleaned_data["variant"], form.cleaned_data["location"]
        here = StockLevel.objects.filter(variant=variant, location=location)
        if here.exists():
            text = f"{variant} is stocked there already. Change the quantity on its own page."
            raise EditRejected({"location": [text]})
        change_level(
            account_id=variant.account_id,
            actor=acting(request),
            variant_id=variant.pk,
            location_id=location.pk,
            quantity=form.cleaned_data["quantity"],
        )
        self.message_user(request, f"{variant} is now stocked there.", messages.SUCCESS)
        return reverse("admin:catalog_stocklevel_change", args=[here.get().pk])
