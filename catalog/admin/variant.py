"""The variants pages: the list, and the page that edits one with all its property sets."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from unfold.contrib.filters.admin import (
    AutocompleteSelectFilter,
    BooleanRadioFilter,
    RelatedDropdownFilter,
)
from unfold.decorators import display

from catalog.admin.additions import panels_of
from catalog.admin.category_filter import CategoryFilter
from catalog.admin.description import shown_description
from catalog.admin.edit_pages import EditPages, acting
from catalog.admin.export_pages import ExportPages
from catalog.admin.new_variant_form import NewVariantForm
from catalog.admin.prices import price_in_words
from catalog.admin.shown_pictures import pictures_of
from catalog.admin.thumbnails import first_picture, thumbnail
from catalog.admin.upload_filter import VariantUploadFilter
from catalog.admin.variant_form import VariantForm
from catalog.editing import create_variant, delete_variant, edit_variant
from catalog.errors import EditRejected
from catalog.exporting import Selection
from catalog.models import MediaLink, Variant
from catalog.reading.definitions import load_definitions
from catalog.stock.reading import stock_of_variant
from catalog.writing.context import Actor


@admin.register(Variant)
class VariantAdmin(ExportPages, EditPages):
    selected = Selection.of_variants
    page_template = "catalog/variant.html"
    delete_template = "catalog/delete_variant.html"
    empty_text = "No variants yet. They come with suppliers' files, or are entered by hand."
    list_display = (
        "picture",
        "sku",
        "display_name",
        "product_link",
        "shown_price",
        "state",
        "changed",
    )
    list_display_links = ("picture", "sku")
    list_filter = (
        ("active", BooleanRadioFilter),
        ("product__category", CategoryFilter),
        ("product__tags", AutocompleteSelectFilter),
        ("product__collections", AutocompleteSelectFilter),
        VariantUploadFilter,
        ("account", RelatedDropdownFilter),
    )
    list_filter_submit = True
    list_select_related = ("product", "account")
    search_fields = ("sku", "ean__startswith", "display_name", "product__name")
    search_help_text = "Find a variant by SKU, EAN or name"
    ordering = ("-id",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Variant]:
        rows: QuerySet[Variant] = super().get_queryset(request).select_related("product", "account")
        return rows.annotate(picture_file=first_picture("variant_id", "pk"))

    @display(description="Picture")
    def picture(self, variant: Variant) -> str:
        return thumbnail(variant.picture_file, of=variant.sku)  # type: ignore[attr-defined]

    @display(description="Product", ordering="product__name")
    def product_link(self, variant: Variant) -> str:
        return format_html(
            '<a class="look-link" href="{}">{}</a>',
            reverse("admin:catalog_product_change", args=[variant.product_id]),
            variant.product.name,
        )

    @display(description="Price", ordering="price")
    def shown_price(self, variant: Variant) -> str:
        return price_in_words(variant.price, variant.account.currency)

    @display(
        description="Active",
        ordering="active",
        label={"Active": "success", "Inactive": "default"},
    )
    def state(self, variant: Variant) -> str:
        return "Active" if variant.active else "Inactive"

    @display(description="Last changed", ordering="updated_at")
    def changed(self, variant: Variant) -> str:
        return date_format(variant.updated_at, "j M Y, H:i")

    def variants_of(self, queryset: QuerySet[Variant]) -> QuerySet[Variant]:
        return queryset

    # One variant

    def form_for(self, row: Variant, data: Any = None) -> VariantForm:
        media: dict[int, list[str]] = {}
        links = MediaLink.objects.filter(variant=row).order_by("property_set_id", "position")
        for set_id, url in links.values_list("property_set_id", "asset__url"):
            media.setdefault(set_id, []).append(url)
        return VariantForm(
            data,
            variant=row,
            media=media,
            definitions=load_definitions(account_id=row.account_id),
            site=self.admin_site,
        )

    def write(self, row: Variant, form: VariantForm, actor: Actor) -> bool:
        return edit_variant(
            account_id=row.account_id,
            actor=actor,
            variant_id=row.pk,
            product_id=form.cleaned_data["product"].pk,
            values=form.changed_values(),
            attributes=form.changed_attributes(),
            tables=form.changed_tables(),
            lists=form.changed_lists(),
            media=form.changed_media(),
        )

    def remove(self, row: Variant, actor: Actor) -> None:
        delete_variant(account_id=row.account_id, actor=actor, variant_id=row.pk)

    def page_context(self, request: HttpRequest, row: Variant) -> dict[str, Any]:
        return {
            "subtitle": row.display_name,
            "currency": row.account.currency,
            "shown_description": shown_description(row.description),
            "stock": stock_of_variant(row.pk),
            "may_stock": request.user.has_perm("catalog.add_stocklevel", row),
            "known_pictures": pictures_of(row),
            "panels": panels_of(request, row),
        }

    def delete_context(self, row: Variant) -> dict[str, Any]:
        return {
            "pictures": MediaLink.objects.filter(variant=row).count(),
            "stock": stock_of_variant(row.pk),
            "siblings": Variant.objects.filter(product_id=row.product_id)
            .exclude(pk=row.pk)
            .count(),
        }

    # A new variant

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        products = self.reach(request, "add")
        form = NewVariantForm(
            request.POST if request.method == "POST" else None,
            reach=products,
            site=self.admin_site,
            initial={"product": request.GET.get("product", "")},
        )
        if form.is_valid():
            try:
                made = self._create(request, form)
            except EditRejected as refused:
                form.add_refusals(refused.errors)
            else:
                return HttpResponseRedirect(reverse("admin:catalog_variant_change", args=[made]))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "New variant",
            "form": form,
        }
        status = 422 if form.is_bound else 200
        return TemplateResponse(request, "catalog/new_variant.html", context, status=status)

    def _create(self, request: HttpRequest, form: NewVariantForm) -> int:
        product = form.cleaned_data["product"]
        return create_variant(
            account_id=product.account_id,
            actor=acting(request),
            product_id=product.pk,
            sku=form.cleaned_data["sku"],
            values=form.values(),
            attributes={},
            tables={},
            lists={},
            media={},
        )
