"""The review queue: SKUs with images to look at, whose turn it is, and the light table's door."""

from typing import Any, Final

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.formats import date_format
from unfold.contrib.filters.admin import RelatedDropdownFilter
from unfold.decorators import display

from accounts.models import User
from bulk_uploads.admin.account_column import AccountColumn
from bulk_uploads.admin.large_lists import LargeListAdmin
from imagery.admin.assignment import AssignmentFilter
from imagery.admin.light_table import LightTable, person_of
from imagery.models import GeneratedImage, ReviewTicket
from imagery.review.bulk import BulkOutcome, approve_many
from imagery.review.deciding import Seen
from imagery.review.handing_out import assign
from imagery.review.trail import Reviewer
from jobs import clock

_PICTURES: Final = 4
_TURNS: Final = {"Free": "default", "Yours": "success", "Assigned": "info", "In hand": "warning"}


@admin.register(ReviewTicket)
class ReviewTicketAdmin(LightTable, AccountColumn, LargeListAdmin):
    empty_text = (
        "Nothing waits for review. Generated images come here as soon as they are made; nobody "
        "outside sees them before they were approved."
    )
    list_before_template = "imagery/review/door.html"
    list_display = ("pictures", "subject", "candidates", "turn", "with_whom", "waits_since")
    list_display_links = ("subject",)
    list_filter = (AssignmentFilter, ("account", RelatedDropdownFilter))
    list_filter_submit = True
    list_select_related = ("account", "assigned_to", "held_by")
    search_fields = ("sku", "product_key")
    search_help_text = "Find a SKU"
    ordering = ("since", "id")
    actions = ("assign_to_me", "assign_to_nobody", "approve_single_candidates")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ReviewTicket]:
        waiting: QuerySet[ReviewTicket] = super().get_queryset(request).filter(waiting__gt=0)
        return waiting

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """Pictures of all rows at once, and who looks at them."""
        changelist = super().get_changelist_instance(request)
        _give_pictures(changelist.result_list, person_of(request))
        return changelist

    @display(description="Pictures")
    def pictures(self, ticket: ReviewTicket) -> str:
        context = {"images": getattr(ticket, "shown_images", ()), "of": str(ticket)}
        return render_to_string("imagery/review/ticket_pictures.html", context)

    @display(description="SKU or product")
    def subject(self, ticket: ReviewTicket) -> str:
        return str(ticket)

    @display(description="To review", ordering="waiting")
    def candidates(self, ticket: ReviewTicket) -> str:
        return "1 image" if ticket.waiting == 1 else f"{ticket.waiting} images"

    @display(description="Turn", label=_TURNS)
    def turn(self, ticket: ReviewTicket) -> str:
        return _turn(ticket)

    @display(description="With")
    def with_whom(self, ticket: ReviewTicket) -> str:
        return str((_holder(ticket) or ticket.assigned_to) or "")

    @display(description="Waits since", ordering="since")
    def waits_since(self, ticket: ReviewTicket) -> str:
        return date_format(ticket.since, "j M Y, H:i")

    @admin.action(description="Assign to me", permissions=["change"])
    def assign_to_me(self, request: HttpRequest, queryset: QuerySet[ReviewTicket]) -> None:
        self._assign(request, queryset, person_of(request))

    @admin.action(description="Assign to nobody", permissions=["change"])
    def assign_to_nobody(self, request: HttpRequest, queryset: QuerySet[ReviewTicket]) -> None:
        self._assign(request, queryset, None)

    @admin.action(description="Approve where there is but one candidate", permissions=["change"])
    def approve_single_candidates(
        self, request: HttpRequest, queryset: QuerySet[ReviewTicket]
    ) -> None:
        """Several candidates need an eye; a single one of each role can be taken as it is."""
        reviewer = Reviewer(user=person_of(request))
        outcomes = [
            approve_many(account_id=ticket.account_id, seen=seen, reviewer=reviewer)
            for ticket in self._changeable(request, queryset)
            if (seen := _single_candidates(ticket))
        ]
        self._tell(request, outcomes)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def change_view(self, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.open_view(*args, **kwargs)

    def _assign(
        self, request: HttpRequest, queryset: QuerySet[ReviewTicket], to: User | None
    ) -> None:
        by_account: dict[int, list[int]] = {}
        for ticket in self._changeable(request, queryset):
            by_account.setdefault(ticket.account_id, []).append(ticket.pk)
        assigned = sum(
            assign(account_id=account_id, ticket_ids=ids, to=to)
            for account_id, ids in by_account.items()
        )
        whose = "yours now" if to else "anybody's now"
        noun = "SKU is" if assigned == 1 else "SKUs are"
        self.message_user(request, f"{assigned} {noun} {whose}.", messages.SUCCESS)

    def _changeable(
        self, request: HttpRequest, queryset: QuerySet[ReviewTicket]
    ) -> list[ReviewTicket]:
        rows = self.reach(request, "change").rows(queryset)
        return list(rows[: self.list_max_show_all])

    def _tell(self, request: HttpRequest, outcomes: list[BulkOutcome]) -> None:
        approved = sum(len(outcome.decisions) for outcome in outcomes)
        refused = sum(len(outcome.refused) for outcome in outcomes)
        noun = "image was" if approved == 1 else "images were"
        tone = messages.SUCCESS if approved else messages.INFO
        self.message_user(request, f"{approved} {noun} approved.", tone)
        if refused:
            text = f"{refused} had been decided by somebody else meanwhile."
            self.message_user(request, text, messages.WARNING)


def _give_pictures(tickets: list[ReviewTicket], person: User) -> None:
    """The first few candidates of each, in one query."""
    images: dict[tuple[int, str, str], list[GeneratedImage]] = {}
    wanted = GeneratedImage.objects.waiting().filter(
        account_id__in={ticket.account_id for ticket in tickets},
        sku__in={ticket.sku for ticket in tickets},
        product_key__in={ticket.product_key for ticket in tickets},
    )
    for image in wanted.order_by("role", "pk"):
        images.setdefault((image.account_id, image.sku, image.product_key), []).append(image)
    for ticket in tickets:
        of_ticket = images.get((ticket.account_id, ticket.sku, ticket.product_key), [])
        ticket.shown_images = of_ticket[:_PICTURES]  # type: ignore[attr-defined]
        ticket.seen_by = person  # type: ignore[attr-defined]


def _turn(ticket: ReviewTicket) -> str:
    person = getattr(ticket, "seen_by", None)
    holder = _holder(ticket)
    if holder is not None and holder != person:
        return "In hand"
    if ticket.assigned_to is None:
        return "Free" if holder is None else "Yours"
    return "Yours" if ticket.assigned_to == person else "Assigned"


def _holder(ticket: ReviewTicket) -> User | None:
    is_held = ticket.held_until is not None and ticket.held_until > clock.now()
    return ticket.held_by if is_held else None


def _single_candidates(ticket: ReviewTicket) -> list[Seen]:
    images = GeneratedImage.objects.for_account(ticket.account_id).waiting()
    by_role: dict[str, list[GeneratedImage]] = {}
    for image in images.filter(sku=ticket.sku, product_key=ticket.product_key):
        by_role.setdefault(image.role, []).append(image)
    return [Seen.of(same[0]) for same in by_role.values() if len(same) == 1]
