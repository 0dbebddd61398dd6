"""What a person can do with image jobs: try one again, stop it, say what became of a call, and
have those planned that an upload still lacks."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import accounts_for, may
from accounts.models import User
from imagery.admin.amounts import currency_of, in_currency
from imagery.admin.job_pages import JobPages, job_url
from imagery.admin.posted_upload import posted_upload
from imagery.admin.upload_panel import TRY_AGAIN
from imagery.engine.cancelling import cancel
from imagery.engine.retrying import retry
from imagery.engine.unknowns import resolve
from imagery.errors import ImageryError
from imagery.following.trying_again import try_again
from imagery.models import OPEN_STATES, ImageJob, JobState, ProviderCall
from imagery.providers.protocol import OutcomeClass

_RESOLVE = "imagery.change_providercall"
#: What ended without all of its pictures.
_WORTH_TRYING = (JobState.PARTLY_DELIVERED, JobState.MISSING_IMAGE, JobState.CANCELLED)


class JobActions(JobPages):
    def _may(self, request: HttpRequest, job: ImageJob) -> dict[str, bool]:
        may_change = self.has_change_permission(request, job)
        is_open = job.state in OPEN_STATES
        return {
            "may_change": may_change,
            "may_cancel": may_change and is_open,
            "may_retry": may_change and job.state in _WORTH_TRYING,
            "may_resolve": request.user.has_perm(_RESOLVE, job),
        }

    def get_urls(self) -> list[Any]:
        follow = self.admin_site.admin_view(self.follow_again_view)
        return [
            path("upload/<str:pk>/again/", follow, name="imagery_imagejob_follow_again"),
            self._detail_url("retry", self.retry_view),
            self._detail_url("cancel", self.cancel_view),
            self._detail_url("resolve", self.resolve_view),
            *super().get_urls(),
        ]

    @method_decorator(require_POST)
    def retry_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        job, person = self._changed(request, pk)
        try:
            retry(job, person)
        except ImageryError as refusal:
            self.message_user(request, str(refusal), messages.WARNING)
        return HttpResponseRedirect(job_url(job))

    @method_decorator(require_POST)
    def cancel_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        job, person = self._changed(request, pk)
        try:
            cancel(job, person)
        except ImageryError as refusal:
            self.message_user(request, str(refusal), messages.WARNING)
        return HttpResponseRedirect(job_url(job))

    @method_decorator(require_POST)
    def follow_again_view(self, request: HttpRequest, pk: str) -> HttpResponse:
        """`pk` is that of an upload, on whose page the button stands."""
        upload = posted_upload(request, pk, permission=TRY_AGAIN)
        try:
            problem = try_again(upload).problem
        except ImageryError as refusal:
            problem = str(refusal)
        if problem:
            self.message_user(request, problem, messages.WARNING)
        else:
            text = "It is tried again, from where it stopped."
            self.message_user(request, text, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:bulk_uploads_bulkupload_change", args=[pk]))

    def _changed(self, request: HttpRequest, pk: int) -> tuple[ImageJob, User]:
        job = self._with_all(request, str(pk))
        if job is None:
            raise Http404
        if not self.has_change_permission(request, job) or not isinstance(request.user, User):
            raise PermissionDenied
        return job, request.user

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def resolve_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """`pk` is that of the call, whose outcome a person has found out."""
        call = self._open_call(request, pk)
        if not may(request.user, _RESOLVE, account_id=call.account_id):
            raise PermissionDenied
        answer, person = request.POST.get("was_charged", ""), request.user
        if answer not in ("0", "1") or not isinstance(person, User):
            return self._resolve_page(request, call)
        try:
            resolve(call, was_charged=answer == "1", by=person)
        except ImageryError as refusal:
            self.message_user(request, str(refusal), messages.WARNING)
        else:
            said = "charged" if answer == "1" else "not charged"
            self.message_user(request, f"The call counts as {said} now.", messages.SUCCESS)
        return HttpResponseRedirect(_back(call))

    def _open_call(self, request: HttpRequest, pk: int) -> ProviderCall:
        """Raises Http404 for a call the person may not see, or of which nothing is unknown."""
        accounts = accounts_for(request.user, "imagery.view_imagejob")
        calls = ProviderCall.objects.filter(account__in=accounts).select_related("job", "account")
        call = calls.filter(pk=pk, outcome=OutcomeClass.UNKNOWN, job__isnull=False).first()
        if call is None:
            raise Http404
        return call

    def _resolve_page(self, request: HttpRequest, call: ProviderCall) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "What became of this call?",
            "subtitle": f"{call.provider} {call.model}",
            "object": call.job,
            "call": call,
            "at_risk": in_currency(call.at_risk_micros, currency_of(call.account)),
            "page_url": _back(call),
        }
        return TemplateResponse(request, "imagery/resolve.html", context)


def _back(call: ProviderCall) -> str:
    return reverse("admin:imagery_imagejob_change", args=[call.job_id])
