"""An admin site as another room would build it: each page safe by naming the mixin alone."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import path
from django.utils import timezone
from unfold.admin import ModelAdmin, TabularInline
from unfold.contrib.filters.admin import AutocompleteSelectFilter, RelatedDropdownFilter

from accounts.models import Account
from accounts.scoping import AccountScopedAdmin, AccountScopedInline
from accounts.sites import AccountAdminSite
from catalog.models import Category, Product, Tag, Variant

site = AccountAdminSite(name="scoped")


class ChildInline(AccountScopedInline, TabularInline):
    model = Category
    fk_name = "parent"
    fields = ("name", "path")
    extra = 0


class ProductInline(AccountScopedInline, TabularInline):
    model = Product
    fields = ("key", "name", "category", "created_at", "updated_at")
    extra = 0


@admin.register(Account, site=site)
class AccountPages(AccountScopedAdmin, ModelAdmin):
    account_path = "pk"
    fields = ("name",)
    inlines = (ProductInline,)


@admin.register(Category, site=site)
class CategoryPages(AccountScopedAdmin, ModelAdmin):
    fields = ("account", "parent", "name", "path")
    list_display = ("path", "account")
    list_select_related = ("account",)
    list_filter = ("account", "parent", ("parent", RelatedDropdownFilter))
    search_fields = ("name",)
    inlines = (ChildInline,)
    actions = ("shout",)

    @admin.action(permissions=["change"], description="Write in capitals")
    def shout(self, request: HttpRequest, queryset: QuerySet[Category]) -> None:
        for category in queryset:
            category.name = category.name.upper()
            category.save()


@admin.register(Tag, site=site)
class TagPages(AccountScopedAdmin, ModelAdmin):
    list_display = ("id", "name")
    list_editable = ("name",)
    list_filter = ("name",)


@admin.register(Product, site=site)
class ProductPages(AccountScopedAdmin, ModelAdmin):
    fields = ("account", "key", "name", "category")
    autocomplete_fields = ("category",)
    search_fields = ("name",)
    list_filter = (("category", AutocompleteSelectFilter), "category__name")

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        obj.created_at = obj.updated_at = timezone.now()
        super().save_model(request, obj, form, change)


@admin.register(Variant, site=site)
class VariantPages(AccountScopedAdmin, ModelAdmin):
    """Owned through its product, as rows without an account of their own are."""

    account_path = "product__account"
    fields = ("product", "sku")
    raw_id_fields = ("product",)


urlpatterns = [path("scoped/", site.urls), path("admin/", admin.site.urls)]
