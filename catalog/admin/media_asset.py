"""The media pages: every picture of an account by its address, and what became of it."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.views.decorators.http import require_POST
from unfold.contrib.filters.admin import RelatedDropdownFilter
from unfold.decorators import display

from accounts.access import accounts_for, may
from accounts.models import User
from bulk_uploads.admin.account_column import AccountColumn
from bulk_uploads.admin.large_lists import LargeListAdmin
from bulk_uploads.admin.row_ids import is_id
from catalog.admin.media_overview import overview
from catalog.admin.media_state_filter import MediaStateFilter
from catalog.admin.shown_pictures import BADGES, ShownPicture
from catalog.admin.thumbnails import thumbnail
from catalog.media_fetching.tidying import KEPT_FOR
from catalog.media_fetching.waking import fetch_again, turn
from catalog.models import MediaAsset, Variant

#: Variants, and other addresses of the same picture, named on a picture's page.
SHOWN = 100
TURN_PERMISSION = "catalog.change_mediafetching"


@admin.register(MediaAsset)
class MediaAssetAdmin(AccountColumn, LargeListAdmin):
    """A picture comes and goes with the variants that name its address: no page saves one."""

    empty_text = (
        "No pictures yet. They come with the addresses that files name under Media Paths, or that "
        "are entered on a variant's page."
    )
    list_before_template = "catalog/media_overview.html"
    list_display = ("picture", "url", "state_badge", "what_happened", "first_named")
    list_display_links = ("picture", "url")
    list_filter = (MediaStateFilter, ("account", RelatedDropdownFilter))
    list_filter_submit = True
    list_select_related = ("account", "file")
    search_fields = ("url",)
    search_help_text = "Find a picture by a part of its address"
    ordering = ("-id",)
    actions = ("fetch_selected_again",)

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/again/", view(self.again_view), name="catalog_mediaasset_again"),
            path("fetching/", view(self.fetching_view), name="catalog_mediaasset_fetching"),
            *super().get_urls(),
        ]

    # The list

    @display(description="Picture")
    def picture(self, asset: MediaAsset) -> str:
        return thumbnail(asset.file.uuid if asset.file else None, of=asset.url)

    @display(description="State", ordering="state", label=BADGES)
    def state_badge(self, asset: MediaAsset) -> str:
        return asset.get_state_display()

    @display(description="What happened")
    def what_happened(self, asset: MediaAsset) -> str:
        return render_to_string("catalog/media_story.html", {"asset": asset})

    @display(description="First named", ordering="created_at")
    def first_named(self, asset: MediaAsset) -> str:
        return date_format(asset.created_at, "j M Y, H:i")

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        context = {**(extra_context or {}), "overview": overview(request.user)}
        answer: HttpResponse = super().changelist_view(request, context)
        return answer

    @admin.action(description="Fetch again", permissions=["change"])
    def fetch_selected_again(self, request: HttpRequest, queryset: QuerySet[MediaAsset]) -> None:
        ids = list(queryset.values_list("pk", flat=True)[: self.list_max_show_all])
        self._begin_again(request, ids)

    def _begin_again(self, request: HttpRequest, asset_ids: list[int]) -> None:
        reach = self.reach(request, "change")
        begun = fetch_again(asset_ids=asset_ids, account_ids=reach.accounts)
        if begun:
            noun = "picture is" if begun == 1 else "pictures are"
            self.message_user(request, f"{begun} {noun} fetched again.", messages.SUCCESS)
        else:
            text = "Nothing to do: what was chosen has been fetched."
            self.message_user(request, text, messages.INFO)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    # One picture

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
        same = MediaAsset.objects.filter(file=asset.file_id).exclude(pk=asset.pk).order_by("id")
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "Picture",
            "object": asset,
            "picture": ShownPicture.of(asset),
            "variants": list(showing.select_related("product")[:SHOWN]),
            "same": list(same[:SHOWN]) if asset.file_id else [],
            "removed_after": asset.unlinked_since and asset.unlinked_since + KEPT_FOR,
            "may_fetch": self.has_change_permission(request, asset),
        }
        return TemplateResponse(request, "catalog/media_asset.html", context)

    @method_decorator(require_POST)
    def again_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        asset = self.get_object(request, str(pk))
        if asset is None:
            raise Http404
        if not self.has_change_permission(request, asset):
            raise PermissionDenied
        self._begin_again(request, [asset.pk])
        return HttpResponseRedirect(reverse("admin:catalog_mediaasset_change", args=[asset.pk]))

    # All pictures of an account

    @method_decorator(require_POST)
    def fetching_view(self, request: HttpRequest) -> HttpResponse:
        """Turn fetching on or off for the account that is named."""
        given = request.POST.get("account", "")
        accounts = accounts_for(request.user, "catalog.view_mediaasset")
        account = accounts.filter(pk=given).first() if is_id(given) else None
        if account is None or not isinstance(request.user, User):
            raise Http404
        if not may(request.user, TURN_PERMISSION, account_id=account.pk):
            raise PermissionDenied
        on = request.POST.get("on") == "1"
        turn(account=account, on=on)
        text = "Pictures are fetched from now on." if on else "No more pictures are fetched."
        self.message_user(request, f"{account}: {text}", messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:catalog_mediaasset_changelist"))
