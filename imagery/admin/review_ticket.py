"""The review queue: SKUs with images to look at, whose turn it is, and the light table's door."""

from typing import Any, Final

from django.contrib import admin
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
from imagery.admin.review_actions import ReviewActions
from imagery.models import GeneratedImage, ReviewTicket
from imagery.review.handing_out import holder_of

#: More than the roles that a SKU can need: what is shown can be approved from here.
_PICTURES: Final = 8
_TURNS: Final = {"Free": "default", "Yours": "success", "Assigned": "info", "In hand": "warning"}


@admin.register(ReviewTicket)
class ReviewTicketAdmin(LightTable, ReviewActions, AccountColumn, LargeListAdmin):
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
    actions = ("assign_to_me", "assign_to_somebody", "approve_single_candidates")

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
        context = {
            "images": getattr(ticket, "shown_images", ()),
            "not_shown": getattr(ticket, "not_shown", 0),
            "of": str(ticket),
            "is_form": True,
        }
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
        return str((holder_of(ticket) or ticket.assigned_to) or "")

    @display(description="Waits since", ordering="since")
    def waits_since(self, ticket: ReviewTicket) -> str:
        return date_format(ticket.since, "j M Y, H:i")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def change_view(self, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.open_view(*args, **kwargs)


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
        ticket.not_shown = len(of_ticket[_PICTURES:])  # type: ignore[attr-defined]
        ticket.seen_by = person  # type: ignore[attr-defined]


def _turn(ticket: ReviewTicket) -> str:
    person = getattr(ticket, "seen_by", None)
    holder = holder_of(ticket)
    if holder is not None and holder != person:
        return "In hand"
    if ticket.assigned_to is None:
        return "Free" if holder is None else "Yours"
    return "Yours" if ticket.assigned_to == person else "Assigned"
