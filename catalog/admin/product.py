"""The products pages: the list, and the page of one product with its variants."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.formats import date_format
from unfold.contrib.filters.admin import (
    AutocompleteSelectFilter,
    DropdownFilter,
    RelatedDropdownFilter,
)
from unfold.decorators import display

from catalog.admin.category_filter import CategoryFilter
from catalog.admin.edit_pages import EditPages, acting
from catalog.admin.export_pages import ExportPages
from catalog.admin.new_product_form import NewProductForm
from catalog.admin.prices import price_in_words
from catalog.admin.product_form import ProductForm
from catalog.admin.thumbnails import first_picture, thumbnail, thumbnail_address
from catalog.admin.upload_filter import ProductUploadFilter
from catalog.editing import create_product, delete_product, edit_product
from catalog.errors import EditRejected
from catalog.exporting import Selection
from catalog.models import Product, Variant
from catalog.writing.context import Actor

#: Variants shown on a product's page; the variants list has them all.
SHOWN_VARIANTS = 100


class ActiveFilter(DropdownFilter):
    title = "active variants"
    parameter_name = "active"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "With an active variant"), ("no", "Without an active variant")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Product]) -> QuerySet[Product]:
        active = Q(pk__in=Variant.objects.filter(active=True).values("product_id"))
        chosen = self.value()
        if chosen not in ("yes", "no"):
            return queryset
        return queryset.filter(active if chosen == "yes" else ~active)


@admin.register(Product)
class ProductAdmin(ExportPages, EditPages):
    selected = Selection.of_products
    page_template = "catalog/product.html"
    delete_template = "catalog/delete_product.html"
    empty_text = "No products yet. They come with suppliers' files, or are entered by hand."
    list_display = ("picture", "name", "category_path", "variants_count", "changed")
    list_display_links = ("picture", "name")
    list_filter = (
        ("category", CategoryFilter),
        ("tags", AutocompleteSelectFilter),
        ("collections", AutocompleteSelectFilter),
        ActiveFilter,
        ProductUploadFilter,
        ("account", RelatedDropdownFilter),
    )
    list_filter_submit = True
    list_select_related = ("category", "account")
    search_fields = ("name", "key")
    search_help_text = "Find a product by its name or the SKU of a variant"
    ordering = ("-id",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Product]:
        rows: QuerySet[Product] = (
            super().get_queryset(request).select_related("category", "account")
        )
        counted = Variant.objects.filter(product=OuterRef("pk")).order_by().values("product")
        return rows.annotate(
            picture_file=first_picture("variant__product_id", "pk"),
            its_variants=Subquery(
                counted.annotate(number=Count("pk")).values("number"), output_field=IntegerField()
            ),
        )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Product], search_term: str
    ) -> tuple[QuerySet[Product], bool]:
        """By name or key, or by the SKU of a variant, without repeating a product."""
        found, duplicates = super().get_search_results(request, queryset, search_term)
        if not search_term.strip():
            return found, duplicates
        skus = Variant.objects.filter(sku__icontains=search_term.strip())
        by_sku = queryset.filter(pk__in=skus.values("product_id"))
        return found | by_sku, duplicates

    @display(description="Picture")
    def picture(self, product: Product) -> str:
        return thumbnail(product.picture_file, of=product.name)  # type: ignore[attr-defined]

    @display(description="Category", ordering="category__path")
    def category_path(self, product: Product) -> str:
        return product.category.path if product.category else "-"

    @display(description="Variants", ordering=F("its_variants"))
    def variants_count(self, product: Product) -> int:
        return product.its_variants or 0  # type: ignore[attr-defined]

    @display(description="Last changed", ordering="updated_at")
    def changed(self, product: Product) -> str:
        return date_format(product.updated_at, "j M Y, H:i")

    def variants_of(self, queryset: QuerySet[Product]) -> QuerySet[Variant]:
        return Variant.objects.filter(product__in=queryset.order_by().values("pk"))

    # One product

    def form_for(self, row: Product, data: Any = None) -> ProductForm:
        return ProductForm.of(row, data)

    def write(self, row: Product, form: ProductForm, actor: Actor) -> bool:
        return edit_product(
            account_id=row.account_id,
            actor=actor,
            product_id=row.pk,
            name=form.cleaned_data["name"],
            category_path=form.cleaned_data["category"],
            tags=form.cleaned_data["tags"],
            collections=form.cleaned_data["collections"],
        )

    def remove(self, row: Product, actor: Actor) -> None:
        delete_product(account_id=row.account_id, actor=actor, product_id=row.pk)

    def page_context(self, request: HttpRequest, row: Product) -> dict[str, Any]:
        variants = row.variants.annotate(picture_file=first_picture("variant_id", "pk"))
        shown = list(variants.order_by("id")[: SHOWN_VARIANTS + 1])
        return {
            "variants": [
                {
                    "row": variant,
                    "thumbnail": thumbnail_address(variant.picture_file),  # type: ignore[attr-defined]
                    "price": price_in_words(variant.price, row.account.currency),
                    "list_price": price_in_words(variant.list_price, row.account.currency),
                }
                for variant in shown[:SHOWN_VARIANTS]
            ],
            "has_more_variants": len(shown) > SHOWN_VARIANTS,
            "may_add_variant": request.user.has_perm("catalog.add_variant", row),
        }

    def delete_context(self, row: Product) -> dict[str, Any]:
        return {"variants": row.variants.count()}

    # A new product

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = NewProductForm(
            request.POST if request.method == "POST" else None, person=request.user
        )
        if form.is_valid():
            try:
                made = self._create(request, form)
            except EditRejected as refused:
                form.add_refusals(refused.errors)
            else:
                return HttpResponseRedirect(reverse("admin:catalog_product_change", args=[made]))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "New product",
            "form": form,
        }
        status = 422 if form.is_bound else 200
        return TemplateResponse(request, "catalog/new_product.html", context, status=status)

    def _create(self, request: HttpRequest, form: NewProductForm) -> int:
        return create_product(
            account_id=form.cleaned_data["account"].pk,
            actor=acting(request),
            name=form.cleaned_data["name"],
            key=form.cleaned_data["key"],
            category_path=form.cleaned_data["category"],
            tags=form.cleaned_data["tags"],
            collections=form.cleaned_data["collections"],
        )
