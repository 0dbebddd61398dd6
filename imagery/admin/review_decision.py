"""The audit trail: who decided what about which image, and why."""

from typing import Final

from django.contrib import admin
from django.template.loader import render_to_string
from django.utils.formats import date_format
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter
from unfold.decorators import display

from bulk_uploads.admin.account_column import AccountColumn
from bulk_uploads.admin.large_lists import LargeListAdmin
from bulk_uploads.admin.read_only import ReadOnly
from imagery.admin.wording import decider, why_decided
from imagery.models import DecisionKind, ReviewDecision

_COLOURS: Final = {
    DecisionKind.APPROVE.label: "success",
    DecisionKind.REJECT.label: "danger",
    DecisionKind.SUPERSEDE.label: "default",
    DecisionKind.UNDO.label: "warning",
    DecisionKind.LAPSE.label: "warning",
}


@admin.register(ReviewDecision)
class ReviewDecisionAdmin(ReadOnly, AccountColumn, LargeListAdmin):
    """Entries are written with each decision: no page makes, changes or removes one."""

    empty_text = "Nothing was decided yet. Every approval and rejection leaves its entry here."
    list_display = ("picture", "subject", "what", "change", "why", "by", "when")
    list_display_links = None
    list_filter = (
        ("kind", ChoicesDropdownFilter),
        ("reason", ChoicesDropdownFilter),
        ("account", RelatedDropdownFilter),
    )
    list_filter_submit = True
    list_select_related = ("account", "image", "user", "token")
    search_fields = ("image__sku", "image__product_key", "user__username")
    search_help_text = "Find a SKU or a person"
    ordering = ("-id",)
    actions = None

    @display(description="Image")
    def picture(self, entry: ReviewDecision) -> str:
        context = {"images": [entry.image], "of": entry.image.sku or entry.image.product_key}
        return render_to_string("imagery/review/ticket_pictures.html", context)

    @display(description="SKU or product")
    def subject(self, entry: ReviewDecision) -> str:
        image = entry.image
        return f"{image.sku or image.product_key}, {image.get_role_display()}"

    @display(description="What", label=_COLOURS)
    def what(self, entry: ReviewDecision) -> str:
        return entry.get_kind_display()

    @display(description="From and to")
    def change(self, entry: ReviewDecision) -> str:
        return f"{entry.get_before_display()} \u2192 {entry.get_after_display()}"

    @display(description="Why")
    def why(self, entry: ReviewDecision) -> str:
        return why_decided(entry)

    @display(description="By")
    def by(self, entry: ReviewDecision) -> str:
        return decider(entry)

    @display(description="When", ordering="id")
    def when(self, entry: ReviewDecision) -> str:
        return date_format(entry.at, "j M Y, H:i")
