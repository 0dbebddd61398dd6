"""The admin site, whose recent actions name only rows the person may still see."""

from collections import defaultdict
from typing import Any, cast

from django.contrib.admin.models import LogEntry
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from unfold.sites import UnfoldAdminSite

RECENT = 50


class AccountAdminSite(UnfoldAdminSite):
    def get_log_entries(self, request: HttpRequest) -> QuerySet[LogEntry]:
        """The person's own newest actions on rows that exist and lie in their accounts.

        An entry keeps the name of its row, so one of an account they have left must go too.
        Every page of the admin has this at hand and few show it: it is looked up when it is.
        """
        return cast("QuerySet[LogEntry]", SimpleLazyObject(lambda: self._own_visible(request)))

    def _own_visible(self, request: HttpRequest) -> QuerySet[LogEntry]:
        """Takes one query for the newest entries, and one for each kind of row among them."""
        entries: QuerySet[LogEntry] = super().get_log_entries(request)
        own = entries.filter(user_id=request.user.pk or 0).order_by("-action_time")
        keys: dict[Any, dict[int, str]] = defaultdict(dict)
        for entry in own[:RECENT]:
            model = entry.content_type.model_class() if entry.content_type else None
            if model in self._registry:
                keys[model][entry.pk] = entry.object_id or ""
        visible = [pk for model, made in keys.items() for pk in self._visible(request, model, made)]
        return own.filter(pk__in=visible)

    def _visible(self, request: HttpRequest, model: Any, entries: dict[int, str]) -> list[int]:
        model_admin = self._registry[model]
        if not model_admin.has_view_or_change_permission(request):
            return []
        rows = model_admin.get_queryset(request).filter(pk__in=set(entries.values()))
        seen = {str(pk) for pk in rows.order_by().values_list("pk", flat=True)}
        return [pk for pk, object_id in entries.items() if object_id in seen]
