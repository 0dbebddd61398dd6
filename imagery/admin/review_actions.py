"""What is done with several SKUs of the review queue at once."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse

from accounts.models import Membership, User
from accounts.roles import roles_with
from bulk_uploads.admin.row_ids import is_id
from imagery.admin.light_table import person_of
from imagery.admin.light_table_calls import PERMISSION
from imagery.models import GeneratedImage, ReviewTicket
from imagery.review.bulk import BulkOutcome, approve_many
from imagery.review.deciding import Seen
from imagery.review.handing_out import assign, holder_of
from imagery.review.trail import Reviewer

_NOBODY: Final = "nobody"


class ReviewActions:
    """Actions of the review queue, mixed into the admin of review tickets."""

    admin_site: Any
    opts: Any
    reach: Any
    message_user: Any
    list_max_show_all: int

    @admin.action(description="Assign to me", permissions=["change"])
    def assign_to_me(self, request: HttpRequest, queryset: QuerySet[ReviewTicket]) -> None:
        self._assign(request, self._chosen(request, queryset), person_of(request))

    @admin.action(description="Assign to somebody else", permissions=["change"])
    def assign_to_somebody(
        self, request: HttpRequest, queryset: QuerySet[ReviewTicket]
    ) -> HttpResponse | None:
        """Asks to whom first; only who may review in all the accounts concerned is offered."""
        tickets = self._chosen(request, queryset)
        if not tickets:
            return None
        reviewers = _reviewers_of({ticket.account_id for ticket in tickets})
        chosen = request.POST.get("reviewer", "")
        if chosen == _NOBODY:
            self._assign(request, tickets, None)
            return HttpResponseRedirect(request.get_full_path())
        if is_id(chosen) and (person := reviewers.filter(pk=chosen).first()) is not None:
            self._assign(request, tickets, person)
            return HttpResponseRedirect(request.get_full_path())
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "Assign SKUs",
            "tickets": tickets,
            "reviewers": reviewers,
            "nobody": _NOBODY,
            "checkbox": ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, "imagery/review/assign.html", context)

    @admin.action(description="Approve where there is but one candidate", permissions=["change"])
    def approve_single_candidates(
        self, request: HttpRequest, queryset: QuerySet[ReviewTicket]
    ) -> None:
        """Several candidates need an eye; a single one of each role, if the list has shown it, can
        be taken as it is."""
        person = person_of(request)
        shown = set(_shown(request.POST.getlist("shown")))
        outcomes, left = [], 0
        for ticket in self._chosen(request, queryset):
            singles = _single_candidates(ticket)
            seen = [Seen.of(image) for image in singles if (image.pk, image.sha256) in shown]
            if holder_of(ticket) not in (None, person):
                seen = []
            left += len(singles) - len(seen)
            if seen:
                outcomes.append(
                    approve_many(
                        account_id=ticket.account_id, seen=seen, reviewer=Reviewer(user=person)
                    )
                )
        self._tell(request, outcomes, left)

    def _assign(self, request: HttpRequest, tickets: list[ReviewTicket], to: User | None) -> None:
        by_account: dict[int, list[int]] = {}
        for ticket in tickets:
            by_account.setdefault(ticket.account_id, []).append(ticket.pk)
        assigned = sum(
            assign(account_id=account_id, ticket_ids=ids, to=to)
            for account_id, ids in by_account.items()
        )
        whose = "anybody's" if to is None else "yours" if to == request.user else f"{to}'s"
        noun = "SKU is" if assigned == 1 else "SKUs are"
        self.message_user(request, f"{assigned} {noun} {whose} now.", messages.SUCCESS)

    def _chosen(self, request: HttpRequest, queryset: QuerySet[ReviewTicket]) -> list[ReviewTicket]:
        """Those that the person may change; what is too much for one go is said."""
        rows = self.reach(request, "change").rows(queryset)
        chosen: list[ReviewTicket] = list(rows[: self.list_max_show_all + 1])
        if len(chosen) > self.list_max_show_all:
            text = f"Only the first {self.list_max_show_all} SKUs were taken: choose fewer at once."
            self.message_user(request, text, messages.WARNING)
        return chosen[: self.list_max_show_all]

    def _tell(self, request: HttpRequest, outcomes: list[BulkOutcome], left: int) -> None:
        approved = sum(len(outcome.decisions) for outcome in outcomes)
        refused = sum(len(outcome.refused) for outcome in outcomes)
        noun = "image was" if approved == 1 else "images were"
        tone = messages.SUCCESS if approved else messages.INFO
        self.message_user(request, f"{approved} {noun} approved.", tone)
        if refused:
            text = f"{refused} had been decided by somebody else meanwhile."
            self.message_user(request, text, messages.WARNING)
        if left:
            text = f"{left} were left: in another reviewer's hands, or not shown in the list."
            self.message_user(request, text, messages.WARNING)


def _reviewers_of(account_ids: Iterable[int]) -> QuerySet[User]:
    """Active people who may review in every one of these accounts."""
    people = User.objects.filter(is_active=True, is_staff=True)
    for account_id in sorted(account_ids):
        members = Membership.objects.filter(account=account_id, role__in=roles_with(PERMISSION))
        people = people.filter(pk__in=members.values("user"))
    return people.order_by("username")


def _single_candidates(ticket: ReviewTicket) -> list[GeneratedImage]:
    images = GeneratedImage.objects.for_account(ticket.account_id).waiting()
    by_role: dict[str, list[GeneratedImage]] = {}
    for image in images.filter(sku=ticket.sku, product_key=ticket.product_key):
        by_role.setdefault(image.role, []).append(image)
    return [same[0] for same in by_role.values() if len(same) == 1]


def _shown(posted: Iterable[str]) -> Iterator[tuple[int, str]]:
    """What the list has shown: ids of images, and the bytes that were seen of each."""
    for one in posted:
        number, _, sha256 = one.partition(":")
        if is_id(number):
            yield int(number), sha256
