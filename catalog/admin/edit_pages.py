"""The pages of one product or variant: edit, history, delete, all through the one write path."""

from abc import abstractmethod
from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from bulk_uploads.admin.account_column import AccountColumn
from bulk_uploads.admin.large_lists import LargeListAdmin
from bulk_uploads.admin.row_ids import is_id
from catalog.admin.abstract_pages import AbstractPages
from catalog.admin.edit_form import EditForm
from catalog.admin.history import entries_from, history_of, sources_of
from catalog.errors import EditRejected
from catalog.reading.provenance import changes_of
from catalog.writing.context import Actor

#: Changes shown beside the form; the history page has the rest.
NEWEST = 5


class Stale(Exception):
    """Somebody changed the row after the person opened its page."""


class EditPages(AccountColumn, LargeListAdmin, metaclass=AbstractPages):
    """Nothing here saves a model: subclasses say what the write path is to be called with."""

    page_template: ClassVar[str]
    delete_template: ClassVar[str]
    actions: Any = None

    @abstractmethod
    def form_for(self, row: Any, data: Any = None) -> EditForm:
        """The form of the row's page, filled in from `data` where something was posted."""

    @abstractmethod
    def write(self, row: Any, form: Any, actor: Actor) -> bool:
        """True if something changed. Raises EditRejected, with nothing written."""

    @abstractmethod
    def remove(self, row: Any, actor: Actor) -> None:
        """Raises EditRejected, with nothing removed."""

    @abstractmethod
    def page_context(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        """What stands on the row's page beside the form."""

    def _gone(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """To the landing page, whether the row never was, is no more, or is somebody else's."""
        response: HttpResponse = self._get_obj_does_not_exist_redirect(
            request, self.opts, object_id
        )
        return response

    # Edit

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        row = self.get_object(request, object_id)
        if row is None:
            return self._gone(request, object_id)
        if request.method == "POST":
            return self._save(request, row)
        form = self.form_for(row)
        if not self.has_change_permission(request, row):
            form.disable()
        return self._page(request, row, form)

    def _save(self, request: HttpRequest, row: Any) -> HttpResponse:
        if not self.has_change_permission(request, row):
            raise PermissionDenied
        form = self.form_for(row, request.POST)
        if form.is_valid():
            try:
                changed = self._write_unless_stale(request, row, form)
            except EditRejected as refused:
                form.add_refusals(refused.errors)
            except Stale:
                return self._stale_page(request, row)
            except self.model.DoesNotExist:
                return self._gone(request, str(row.pk))
            else:
                return self._saved(request, row, changed)
        return self._page(request, row, form, status=422)

    def _write_unless_stale(self, request: HttpRequest, row: Any, form: EditForm) -> bool:
        """Raises Stale, EditRejected, and DoesNotExist if the row was removed meanwhile."""
        with transaction.atomic():
            locked = self.model._default_manager.select_for_update().filter(pk=row.pk)
            newest = locked.values_list("last_change_id", flat=True).get()
            if str(newest or "") != form.cleaned_data["seen_change"]:
                raise Stale
            return self.write(row, form, acting(request))

    def _stale_page(self, request: HttpRequest, row: Any) -> HttpResponse:
        """The person's own entries, everything else as it is now, and what happened meanwhile."""
        fresh = self.get_object(request, str(row.pk))
        if fresh is None:
            raise Http404
        posted = self.form_for(fresh, request.POST)
        posted.full_clean()
        seen = posted.cleaned_data.get("seen_change", "")
        since = changes_of(fresh).order_by("id")
        meanwhile = list(since.filter(id__gt=int(seen) if is_id(seen) else 0)[:100])
        form = self.form_for(fresh, posted.data_after(meanwhile))
        context = {"meanwhile": entries_from(fresh, meanwhile, viewer=request.user)}
        return self._page(request, fresh, form, status=409, extra=context)

    def _saved(self, request: HttpRequest, row: Any, changed: bool) -> HttpResponse:
        name = str(self.opts.verbose_name)
        text = f"The {name} was saved." if changed else f"Nothing was changed: the {name} was so."
        self.message_user(request, text, messages.SUCCESS if changed else messages.INFO)
        if "_continue" in request.POST:
            return HttpResponseRedirect(request.get_full_path())
        return HttpResponseRedirect(self._list_url(request))

    def _page(
        self,
        request: HttpRequest,
        row: Any,
        form: EditForm,
        *,
        status: int = 200,
        extra: dict[str, Any] | None = None,
    ) -> HttpResponse:
        may_change = self.has_change_permission(request, row)
        context = {
            **self._shared_context(request, row),
            **self.page_context(request, row),
            "form": form,
            "history": history_of(row, viewer=request.user, limit=NEWEST),
            "sources": sources_of(row, viewer=request.user),
            "may_change": may_change,
            "show_save": may_change,
            "show_save_and_continue": may_change,
            "can_change": may_change,
            "show_delete_link": self.has_delete_permission(request, row),
            "show_close": not may_change,
            **(extra or {}),
        }
        return TemplateResponse(request, self.page_template, context, status=status)

    def _shared_context(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        return {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": str(row),
            "object": row,
            "original": row,
            "page_url": self._url("change", row.pk),
            "preserved_filters": self.get_preserved_filters(request),
        }

    def _list_url(self, request: HttpRequest) -> str:
        url = self._url("changelist")
        preserved: dict[str, Any] = {
            "preserved_filters": self.get_preserved_filters(request),
            "opts": self.opts,
        }
        return str(add_preserved_filters(preserved, url))

    def _url(self, page: str, *args: int) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{page}", args=args)

    # History

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        row = self.get_object(request, object_id)
        if row is None:
            return self._gone(request, object_id)
        before = request.GET.get("before", "")
        context = {
            **self._shared_context(request, row),
            "title": f"History of {row}",
            "history": history_of(
                row, viewer=request.user, before=int(before) if is_id(before) else None
            ),
        }
        return TemplateResponse(request, "catalog/history_page.html", context)

    # Delete

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        row = self.get_object(request, object_id)
        if row is None:
            return self._gone(request, object_id)
        if not self.has_delete_permission(request, row):
            raise PermissionDenied
        context = {**self._shared_context(request, row), **self.delete_context(row)}
        if request.method == "POST":
            try:
                self.remove(row, acting(request))
            except EditRejected as refused:
                context["refusals"] = [text for texts in refused.errors.values() for text in texts]
            else:
                self.message_user(request, f"{row} was deleted.", messages.SUCCESS)
                return HttpResponseRedirect(self._list_url(request))
        context["title"] = f"Delete {row}?"
        status = 409 if "refusals" in context else 200
        return TemplateResponse(request, self.delete_template, context, status=status)

    @abstractmethod
    def delete_context(self, row: Any) -> dict[str, Any]:
        """What the person is told that will go, and what will stay."""


def acting(request: HttpRequest) -> Actor:
    """The signed-in person, as the change log names who did something."""
    return Actor(user_id=request.user.pk)
