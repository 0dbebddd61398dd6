"""The media pages: every picture of an account by its address, and the variants that show it."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.formats import date_format
from unfold.contrib.filters.admin import RelatedDropdownFilter
from unfold.decorators import display

from bulk_uploads.admin.account_column import AccountColumn
from bulk_uploads.admin.large_lists import LargeListAdmin
from catalog.admin.thumbnails import thumbnail
from catalog.models import MediaAsset, Variant

#: Variants named on a picture's page.
SHOWN_VARIANTS = 100


@admin.register(MediaAsset)
class MediaAssetAdmin(AccountColumn, LargeListAdmin):
    list_display = ("picture", "url", "state_badge", "first_named")
    list_display_links = ("picture", "url")
    list_filter = (("account", RelatedDropdownFilter),)
    list_filter_submit = True
    list_select_related = ("account",)
    search_fields = ("url",)
    search_help_text = "Find a picture by a part of its address"
    ordering = ("-id",)
    actions = None

    @display(description="Picture")
    def picture(self, asset: MediaAsset) -> str:
        return thumbnail(asset.url, of=asset.url)

    @display(description="State", ordering="state", label=True)
    def state_badge(self, asset: MediaAsset) -> str:
        return asset.get_state_display()

    @display(description="First named", ordering="created_at")
    def first_named(self, asset: MediaAsset) -> str:
        return date_format(asset.created_at, "j M Y, H:i")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A picture comes and goes with the variants that name its address."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        asset = self.get_object(request, object_id)
        if asset is None:
            gone: HttpResponse = self._get_obj_does_not_exist_redirect(
                request, self.opts, object_id
            )
            return gone
        showing = Variant.objects.filter(media_links__asset=asset).distinct().order_by("id")
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "Picture",
            "object": asset,
            "variants": list(showing.select_related("product")[:SHOWN_VARIANTS]),
        }
        return TemplateResponse(request, "catalog/media_asset.html", context)
