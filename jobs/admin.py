"""The queue's own pages, for superusers alone: they show the work of every account."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django_q.admin import FailAdmin, QueueAdmin, TaskAdmin
from django_q.models import Failure, OrmQ, Schedule, Success
from unfold.admin import ModelAdmin

from jobs import clock
from jobs.enqueue import enqueue
from jobs.models import FollowUp


class SuperusersOnly:
    """Looking is for superusers; rows are made and changed by the queue, not by hand."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return _is_superuser(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_superuser(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_superuser(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def _is_superuser(request: HttpRequest) -> bool:
    return bool(request.user.is_active and request.user.is_superuser)


class SuccessPage(SuperusersOnly, ModelAdmin, TaskAdmin):
    actions = ()


class FailurePage(SuperusersOnly, ModelAdmin, FailAdmin):
    actions = ()


class QueuePage(SuperusersOnly, ModelAdmin, QueueAdmin):
    pass


class FollowUpPage(SuperusersOnly, ModelAdmin):
    """What waits, what was done and what was given up, with a way to try the latter again."""

    list_display = ("kind", "account", "attempts", "run_after", "finished_at", "failed_at", "error")
    list_filter = ("kind", ("failed_at", admin.EmptyFieldListFilter))
    list_select_related = ("account",)
    search_fields = ("kind", "error")
    ordering = ("-pk",)
    actions = ("run_again",)

    @admin.action(description="Run again what was given up", permissions=["view"])
    def run_again(self, request: HttpRequest, queryset: QuerySet[FollowUp]) -> None:
        given_up = list(queryset.exclude(failed_at=None))
        for follow_up in given_up:
            follow_up.run_after, follow_up.failed_at, follow_up.attempts = clock.now(), None, 0
            follow_up.save(update_fields=["run_after", "failed_at", "attempts"])
            enqueue(follow_up)
        self.message_user(request, f"{len(given_up)} will run again.", messages.SUCCESS)


for model, page in ((Success, SuccessPage), (Failure, FailurePage), (OrmQ, QueuePage)):
    if admin.site.is_registered(model):
        admin.site.unregister(model)
        admin.site.register(model, page)
# Periodic work is the dispatcher's: a schedule made here would never run.
admin.site.unregister(Schedule)
admin.site.register(FollowUp, FollowUpPage)
