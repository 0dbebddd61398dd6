"""The categories, collections and tags lists: what there is, and the products that stand there.

They are not renamed here: products would change without a word in the change log.
"""

from urllib.parse import urlencode

from django.contrib import admin
from django.db.models import Model
from django.urls import reverse
from django.utils.html import format_html
from unfold.contrib.filters.admin import RelatedDropdownFilter
from unfold.decorators import display

from bulk_uploads.admin.account_column import AccountColumn
from bulk_uploads.admin.large_lists import LargeListAdmin
from bulk_uploads.admin.read_only import ReadOnly
from catalog.models import Category, Collection, Tag


class ShelfAdmin(ReadOnly, AccountColumn, LargeListAdmin):
    """`product_filter` is the query by which the products list is filtered to one shelf."""

    product_filter: str
    list_filter = (("account", RelatedDropdownFilter),)
    list_filter_submit = True
    list_display_links = None
    list_select_related = ("account",)
    actions = None

    @display(description="Products")
    def products(self, shelf: Model) -> str:
        query = urlencode({self.product_filter: shelf.pk})
        return format_html(
            '<a class="look-link" href="{}?{}">See its products</a>',
            reverse("admin:catalog_product_changelist"),
            query,
        )


@admin.register(Category)
class CategoryAdmin(ShelfAdmin):
    product_filter = "category__id__exact"
    empty_text = "No categories yet. They come with the products that files or people put there."
    list_display = ("path", "products")
    search_fields = ("path",)
    ordering = ("path",)


@admin.register(Collection)
class CollectionAdmin(ShelfAdmin):
    product_filter = "collections__id__exact"
    empty_text = "No collections yet. They come with the products that files or people give them."
    list_display = ("name", "products")
    search_fields = ("name",)
    ordering = ("name",)


@admin.register(Tag)
class TagAdmin(ShelfAdmin):
    product_filter = "tags__id__exact"
    empty_text = "No tags yet. They come with the products that files or people give them."
    list_display = ("name", "products")
    search_fields = ("name",)
    ordering = ("name",)
