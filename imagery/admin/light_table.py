"""The light table: one SKU after another, reference beside candidates, decided by single keys.

The page is loaded once; SKUs come as fragments, each held for the reviewer before it is shown, so
that two people never look at the same one.
"""

from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_safe

from accounts.access import accounts_for
from accounts.models import Account, User
from imagery.admin.light_table_calls import PERMISSION, BadCall, Call, answers_call
from imagery.admin.light_table_pictures import shown
from imagery.models import Decision, GeneratedImage, RejectReason, ReviewDecision, ReviewTicket
from imagery.review.deciding import Seen, approve, reject
from imagery.review.errors import InOtherHands
from imagery.review.handing_out import hold, holder_of, keep, queue_of, take_next
from imagery.review.subjects import subjects_of
from imagery.review.undoing import undo

#: SKUs counted ahead at most: nobody waits because of a number.
_COUNTED: Final = 1_000
_LONGEST_NOTE: Final = 500
#: SKUs loaded by one call.
_MOST_AT_ONCE: Final = 6


class LightTable:
    """The light table's views, mixed into the admin of review tickets."""

    admin_site: Any
    opts: Any

    def get_urls(self) -> list[Any]:
        def view(address: str, handler: Any, name: str) -> Any:
            wrapped = self.admin_site.admin_view(handler)
            return path(f"light-table/{address}", wrapped, name=f"imagery_light_table{name}")

        return [
            view("", self.table_view, ""),
            view("next/", self.next_view, "_next"),
            view("decide/", self.decide_view, "_decide"),
            view("undo/", self.undo_view, "_undo"),
            view("hold/", self.hold_view, "_hold"),
            *super().get_urls(),  # type: ignore[misc]
        ]

    @method_decorator(require_safe)
    def table_view(self, request: HttpRequest) -> HttpResponse:
        """The empty table; `?account=` chooses, else the first in which something waits."""
        accounts = list(accounts_for(person_of(request), PERMISSION).order_by("name"))
        if not accounts:
            raise PermissionDenied
        account = _chosen(accounts, request.GET.get("account"))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "Light table",
            "account": account,
            "accounts": accounts,
            "reasons": list(enumerate(RejectReason.choices, start=1)),
            "first_ticket": request.GET.get("ticket", ""),
        }
        return TemplateResponse(request, "imagery/review/light_table.html", context)

    def open_view(self, request: HttpRequest, object_id: str, *_: Any, **__: Any) -> HttpResponse:
        """A ticket of the queue is looked at on the table, and nowhere else."""
        accounts = accounts_for(person_of(request), PERMISSION)
        is_id = object_id.isascii() and object_id.isdigit() and len(object_id) < 19
        ticket = (
            ReviewTicket.objects.filter(pk=object_id, account__in=accounts)
            .select_related("account")
            .first()
            if is_id
            else None
        )
        if ticket is None:
            raise Http404
        table = reverse("admin:imagery_light_table")
        return HttpResponseRedirect(f"{table}?account={ticket.account.slug}&ticket={ticket.pk}")

    @answers_call
    def next_view(self, request: HttpRequest, call: Call) -> HttpResponse:
        """Hold the next SKUs, or the one asked for, and give each as a fragment; 204 for none.

        `besides` are tickets that the page has had; `X-Left` says how many wait besides these.
        """
        besides = call.numbers("besides")
        if call.body.get("ticket") is not None:
            taken = [_asked_for(call)]
        else:
            taken = take_next(
                account_id=call.account.pk,
                reviewer=call.person,
                besides=besides,
                at_most=min(call.number("at_most"), _MOST_AT_ONCE),
            )
        answer = HttpResponse(status=204)
        if taken:
            besides += [ticket.pk for ticket in taken]
            context = {"subjects": shown(subjects_of(taken))}
            answer = TemplateResponse(request, "imagery/review/subjects.html", context)
        answer["X-Left"] = str(_left(call, besides))
        answer["Cache-Control"] = "no-store"
        return answer

    @answers_call
    def decide_view(self, request: HttpRequest, call: Call) -> HttpResponse:
        """One decision: what it was, and how the SKU's images stand now."""
        seen = _seen(call)
        note = call.text("note", longest=_LONGEST_NOTE)
        reason = call.text("reason", longest=20)
        if call.text("decide", longest=10) == "approve":
            decision = approve(
                account_id=call.account.pk, seen=seen, reviewer=call.reviewer, note=note
            )
        elif reason in RejectReason.values:
            decision = reject(
                account_id=call.account.pk,
                seen=seen,
                reviewer=call.reviewer,
                reason=RejectReason(reason),
                note=note,
            )
        else:
            raise BadCall("an approval, or a rejection with one of the reasons")
        return _standing(decision)

    @answers_call
    def undo_view(self, request: HttpRequest, call: Call) -> HttpResponse:
        undone = undo(
            account_id=call.account.pk,
            decision_id=call.number("decision"),
            reviewer=call.reviewer,
        )
        return _standing(undone)

    @answers_call
    def hold_view(self, request: HttpRequest, call: Call) -> HttpResponse:
        """Keep the tickets that the page still shows, and let go of the rest."""
        held = keep(
            account_id=call.account.pk,
            reviewer=call.person,
            ticket_ids=call.numbers("tickets"),
        )
        return JsonResponse({"held": held})


def person_of(request: HttpRequest) -> User:
    """The admin lets nobody else in."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def _chosen(accounts: list[Account], slug: str | None) -> Account:
    named = next((account for account in accounts if account.slug == slug), None)
    if slug is not None and named is None:
        raise Http404
    if named is not None:
        return named
    waiting = ReviewTicket.objects.filter(account__in=accounts, waiting__gt=0)
    first = waiting.order_by("since", "pk").values_list("account_id", flat=True).first()
    return next((account for account in accounts if account.pk == first), accounts[0])


def _asked_for(call: Call) -> ReviewTicket:
    """The ticket that the page names. Raises InOtherHands, or DoesNotExist if nothing of it
    waits any more."""
    waiting = ReviewTicket.objects.filter(account=call.account, waiting__gt=0)
    ticket = waiting.select_related("held_by", "assigned_to").get(pk=call.number("ticket"))
    if not hold(ticket=ticket, reviewer=call.person):
        holder = holder_of(ticket) or ticket.assigned_to
        raise InOtherHands(f"{ticket} is with {holder or 'somebody else'}.")
    return ticket


def _seen(call: Call) -> Seen:
    decision = call.text("seen", longest=10)
    if decision not in Decision.values:
        raise BadCall("seen must be how the image had been decided")
    return Seen(call.number("image"), call.text("sha256", longest=64), Decision(decision))


def _left(call: Call, besides: list[int]) -> int:
    waiting = queue_of(account_id=call.account.pk, reviewer=call.person)
    return waiting.exclude(pk__in=besides)[:_COUNTED].count()


def _standing(decision: ReviewDecision) -> JsonResponse:
    image = decision.image
    peers = GeneratedImage.objects.filter(
        account_id=image.account_id, sku=image.sku, product_key=image.product_key, role=image.role
    )
    rows = list(peers.values_list("pk", "decision", "lapsed_at"))
    tickets = ReviewTicket.objects.filter(
        account_id=image.account_id, sku=image.sku, product_key=image.product_key
    )
    return JsonResponse(
        {
            "decision": decision.pk,
            "states": {pk: state for pk, state, _ in rows},
            "lapsed": [pk for pk, _, lapsed_at in rows if lapsed_at is not None],
            "waiting": tickets.values_list("waiting", flat=True).first() or 0,
        }
    )
