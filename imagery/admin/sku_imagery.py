"""Image sets: how every SKU stands with the pictures it needs, to be filtered."""

from typing import Any, Final
from urllib.parse import urlencode

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter
from unfold.decorators import display

from bulk_uploads.admin.account_column import AccountColumn
from bulk_uploads.admin.large_lists import LargeListAdmin
from bulk_uploads.admin.read_only import ReadOnly
from catalog.models import Variant
from imagery.models import QaStatus, Role, SkuImagery

_COLOURS: Final = {
    QaStatus.NOT_REQUESTED.label: "default",
    QaStatus.GENERATING.label: "info",
    QaStatus.PENDING_REVIEW.label: "warning",
    QaStatus.APPROVED.label: "success",
    QaStatus.REJECTED.label: "danger",
    QaStatus.MISSING_IMAGE.label: "danger",
}


@admin.register(SkuImagery)
class SkuImageryAdmin(ReadOnly, AccountColumn, LargeListAdmin):
    """Computed, never entered."""

    empty_text = (
        "No SKU has pictures yet, and nobody has said what SKUs need. Set the rules, or ask for "
        "pictures from the list of variants."
    )
    list_before_template = "imagery/image_sets.html"
    list_display = ("sku", "status", "roles_in_words", "changed")
    list_display_links = ("sku",)
    list_filter = (
        ("qa_status", ChoicesDropdownFilter),
        ("account", RelatedDropdownFilter),
    )
    list_filter_submit = True
    list_select_related = ("account",)
    search_fields = ("sku",)
    search_help_text = "Find a SKU"
    ordering = ("sku",)
    actions = None

    @display(description="QA status", ordering="qa_status", label=_COLOURS)
    def status(self, row: SkuImagery) -> str:
        return row.get_qa_status_display()

    @display(description="Pictures it needs")
    def roles_in_words(self, row: SkuImagery) -> str:
        said = [
            f"{Role(role).label}: {QaStatus(status).label.lower()}"
            for role, status in row.roles.items()
            if role in Role.values and status in QaStatus.values
        ]
        return format_html('<span class="look-wrap">{}</span>', "; ".join(said))

    @display(description="Since", ordering="updated_at")
    def changed(self, row: SkuImagery) -> str:
        return date_format(row.updated_at, "j M Y, H:i")

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """A SKU's pictures are on the page of its variant; one that is in the catalog no more has
        its image jobs."""
        row = self.get_object(request, object_id)
        if row is None:
            gone: HttpResponse = self._get_obj_does_not_exist_redirect(
                request, self.opts, object_id
            )
            return gone
        variant = Variant.objects.for_account(row.account_id).filter(sku=row.sku).first()
        if variant is not None:
            page = reverse("admin:catalog_variant_change", args=[variant.pk])
            return HttpResponseRedirect(page)
        jobs = reverse("admin:imagery_imagejob_changelist")
        return HttpResponseRedirect(f"{jobs}?{urlencode({'q': row.sku})}")
