"""The channel profiles: what holds, what is coming, and an account's own."""

from collections.abc import Collection
from typing import Any, Final

from django.contrib import admin
from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from unfold.decorators import display

from bulk_uploads.admin.account_column import AccountColumn
from bulk_uploads.admin.large_lists import LargeListAdmin
from imagery.admin.channel_pages import ChannelPages
from imagery.admin.channel_profile_form import ChannelProfileForm
from imagery.checks.checking import judge_by
from imagery.checks.judging import in_words
from imagery.models import ChannelProfile
from jobs import clock

_TONES = {"In force": "success", "Coming": "info", "Replaced": "default"}
_OWNER: Final = Coalesce("account_id", Value(0))


@admin.register(ChannelProfile)
class ChannelProfileAdmin(ChannelPages, AccountColumn, LargeListAdmin):
    """Delivered rows are everybody's to see and nobody's to change."""

    empty_text = "No channel profile yet. They say what a sales channel asks of its pictures."
    list_before_template = "imagery/checks/door.html"
    form = ChannelProfileForm
    list_display = ("title", "standing", "from_date", "whose", "source")
    list_select_related = ("account",)
    search_fields = ("title", "channel")
    search_help_text = "Find a channel by its name"
    ordering = ("channel", "-from_date", "id")
    actions = None
    fieldsets = (
        (None, {"fields": ("account", ("channel", "title"), ("from_date", "source"), "note")}),
        (
            "The file",
            {
                "fields": (
                    ("least_width", "least_height"),
                    ("least_longest_side", "most_longest_side"),
                    ("zoom_longest_side", "advised_longest_side"),
                    ("most_megapixels", "most_bytes"),
                    ("aspect_width", "aspect_height"),
                    "formats",
                    "needs_source_tag",
                    "is_rendered",
                )
            },
        ),
        (
            "What is to be seen",
            {
                "fields": (
                    "needs_white",
                    ("least_fill", "most_fill"),
                    ("advised_softness", "most_softness"),
                    ("advised_fidelity", "least_fidelity"),
                )
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[ChannelProfile]:
        rows = ChannelProfile.objects.all()
        accounts = self.reach(request, "view", "change").accounts
        if accounts is not None:
            rows = rows.filter(Q(account__in=accounts) | Q(account=None))
        return rows.annotate(owner=_OWNER, is_replaced=Exists(_newer(accounts)))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        shown = None if _is_delivered(obj) else obj
        return super().has_view_permission(request, shown)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return not _is_delivered(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return not _is_delivered(obj) and super().has_delete_permission(request, obj)

    @display(description="Standing", label=_TONES)
    def standing(self, profile: ChannelProfile) -> str:
        if profile.from_date > clock.now().date():
            return "Coming"
        return "Replaced" if getattr(profile, "is_replaced", False) else "In force"

    @display(description="Whose")
    def whose(self, profile: ChannelProfile) -> str:
        return "Own" if profile.account_id else "Delivered"

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """What it says, in words; its form for those who may change it, and ask to."""
        profile = self.get_object(request, object_id)
        may_change = profile is not None and self.has_change_permission(request, profile)
        if profile is None or (may_change and (request.method == "POST" or "edit" in request.GET)):
            answer: HttpResponse = super().change_view(request, object_id, form_url, extra_context)
            return answer
        self._refuse_unless_seen(request, profile)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": profile.title,
            "object": profile,
            "standing": self.standing(profile),
            "rules": in_words(profile.rules()),
            "may_change": may_change,
            "may_delete": self.has_delete_permission(request, profile),
        }
        return TemplateResponse(request, "imagery/checks/profile.html", context)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        judge_by(obj)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        super().delete_model(request, obj)
        judge_by(obj)


def _newer(accounts: Collection[int] | None) -> QuerySet[ChannelProfile]:
    """Rows that hold in place of another: newer ones of the same owner; and where the viewer has
    but one account, its own in place of a delivered one."""
    begun = ChannelProfile.objects.annotate(owner=_OWNER).filter(
        channel=OuterRef("channel"), from_date__lte=clock.now().date()
    )
    replaces = Q(owner=OuterRef("owner"), from_date__gt=OuterRef("from_date"))
    if accounts is not None and len(accounts) == 1:
        replaces |= Q(account__in=accounts) & ~Q(owner=OuterRef("owner"))
    return begun.filter(replaces)


def _is_delivered(obj: Any) -> bool:
    return isinstance(obj, ChannelProfile) and obj.pk is not None and obj.account_id is None
