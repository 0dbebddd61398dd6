"""SKUs against channels, what is behind a cell, and what a coming profile would break."""

from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_safe

from accounts.access import accounts_for
from accounts.models import Account
from bulk_uploads.admin.entered_text import storable
from bulk_uploads.admin.row_ids import is_id
from catalog.models import Category
from imagery.api.content import content_path, thumbnail_path
from imagery.checks.coming import coming_report
from imagery.checks.findings import Verdict
from imagery.checks.live import live
from imagery.checks.matrix import Wanted, matrix_page
from imagery.checks.results import badges_of
from imagery.models import ChannelProfile, GeneratedImage
from jobs import clock

PERMISSION: Final = "imagery.view_channelprofile"
#: Categories that there are to choose from, and images of a SKU that are shown.
_OFFERED: Final = 200
_SHOWN: Final = 40
_LONGEST_SKU: Final = 200
_VERDICTS: Final = {verdict.name.lower(): verdict for verdict in Verdict}


class ChannelPages:
    """The views beside the profiles' own pages, mixed into their admin."""

    admin_site: Any
    opts: Any

    def get_urls(self) -> list[Any]:
        def view(address: str, handler: Any, name: str) -> Any:
            return path(
                address, self.admin_site.admin_view(handler), name=f"imagery_channel_{name}"
            )

        return [
            view("matrix/", self.matrix_view, "matrix"),
            view("matrix/sku/", self.sku_view, "sku"),
            view("<int:pk>/coming/", self.coming_view, "coming"),
            *super().get_urls(),  # type: ignore[misc]
        ]

    @method_decorator(require_safe)
    def matrix_view(self, request: HttpRequest) -> HttpResponse:
        accounts, account = _account_of(request)
        categories = Category.objects.filter(account=account).order_by("path")
        given = request.GET.get("category", "")
        category = categories.filter(pk=given).first() if is_id(given) else None
        wanted = Wanted(
            account_id=account.pk,
            category=category,
            channel=request.GET.get("channel", "")[:40],
            verdict=_VERDICTS.get(request.GET.get("verdict", "")),
            search=storable(request.GET.get("q", "")).strip()[:_LONGEST_SKU],
            after=storable(request.GET.get("after", ""))[:_LONGEST_SKU],
        )
        matrix = matrix_page(wanted)
        return self._page(
            request,
            "matrix",
            title="SKUs by channel",
            accounts=accounts,
            account=account,
            categories=list(categories.values_list("pk", "path")[:_OFFERED]),
            wanted=wanted,
            is_filtered=bool(category or wanted.verdict is not None or wanted.search),
            verdicts=[(name, verdict.label) for name, verdict in _VERDICTS.items()],
            matrix=matrix,
            next_query=_query(request, after=matrix.next_after),
        )

    @method_decorator(require_safe)
    def sku_view(self, request: HttpRequest) -> HttpResponse:
        """The SKU's live images, and for each what did not pass, channel by channel."""
        accounts, account = _account_of(request)
        sku = storable(request.GET.get("sku", ""))[:_LONGEST_SKU]
        images = list(
            GeneratedImage.objects.for_account(account.pk)
            .filter(live(), sku=sku)
            .order_by("role", "-decision", "pk")[:_SHOWN]
        )
        if not sku or not images:
            raise Http404
        checks = badges_of(images)
        return self._page(
            request,
            "sku",
            title=sku,
            account=account,
            accounts=accounts,
            images=[
                (image, checks[image.pk], content_path(image.uuid), thumbnail_path(image.uuid))
                for image in images
            ],
        )

    @method_decorator(require_safe)
    def coming_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        accounts, account = _account_of(request)
        profile = ChannelProfile.objects.filter(pk=pk, from_date__gt=clock.now().date()).first()
        if profile is None or profile.account_id not in (None, account.pk):
            raise Http404
        below = request.GET.get("below", "")
        report = coming_report(
            profile, account_id=account.pk, below=int(below) if is_id(below) else None
        )
        return self._page(
            request,
            "coming",
            title=f"What {profile} would break",
            accounts=accounts,
            account=account,
            object=profile,
            report=report,
            rows=[(row, thumbnail_path(row.image.uuid)) for row in report.rows],
            next_query=_query(request, below=report.next_below),
        )

    def _page(self, request: HttpRequest, name: str, **context: Any) -> HttpResponse:
        known = {**self.admin_site.each_context(request), "opts": self.opts}
        return TemplateResponse(request, f"imagery/checks/{name}.html", {**known, **context})

    def _refuse_unless_seen(self, request: HttpRequest, profile: ChannelProfile) -> None:
        if not self.has_view_permission(request, profile):  # type: ignore[attr-defined]
            raise PermissionDenied


def _account_of(request: HttpRequest) -> tuple[list[Account], Account]:
    """Those the person may choose from, and the one chosen (`?account=`), else the first."""
    accounts = list(accounts_for(request.user, PERMISSION).order_by("name", "pk"))
    if not accounts:
        raise PermissionDenied
    given = request.GET.get("account", "")
    if not given:
        return accounts, accounts[0]
    chosen = next((account for account in accounts if str(account.pk) == given), None)
    if chosen is None:
        raise Http404
    return accounts, chosen


def _query(request: HttpRequest, **changed: object) -> str | None:
    """The address' query with these instead; None where one of them is empty."""
    if not all(changed.values()):
        return None
    query = request.GET.copy()
    for name, value in changed.items():
        query[name] = str(value)
    return query.urlencode()
