"""The worklist of SKUs that no provider could make a picture of: what is worth most comes first."""

from decimal import Decimal
from typing import Any

from django.contrib import admin
from django.db.models import (
    DecimalField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce, Greatest
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from unfold.contrib.filters.admin import DropdownFilter, RelatedDropdownFilter
from unfold.decorators import display

from accounts.access import accounts_for
from bulk_sql.numbers import plain_decimal
from bulk_uploads.admin.account_column import AccountColumn
from bulk_uploads.admin.large_lists import LargeListAdmin
from bulk_uploads.admin.read_only import ReadOnly
from bulk_uploads.admin.row_ids import is_id
from catalog.admin.prices import price_in_words
from catalog.admin.thumbnails import first_picture, thumbnail
from catalog.models import Category, StockLevel, Variant
from imagery.admin.asking import PERMISSION as REQUEST_PERMISSION
from imagery.admin.generate_pages import generate_page
from imagery.models import ImageJob, JobState, MissingImage, QaStatus, Role

#: Categories that there are to choose from.
_OFFERED = 200
_FAILED = (JobState.MISSING_IMAGE, JobState.PARTLY_DELIVERED)
_AMOUNT = DecimalField(max_digits=30, decimal_places=8)
_ZERO = Value(Decimal(0), output_field=_AMOUNT)


class MissingCategoryFilter(DropdownFilter):
    """Of the category, and of what lies below it."""

    title = "category"
    parameter_name = "category"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        self.categories = Category.objects.filter(
            account__in=accounts_for(request.user, "imagery.view_missingimage")
        )
        offered = self.categories.order_by("path").values_list("pk", "path")[:_OFFERED]
        return [(str(pk), path) for pk, path in offered]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        chosen = self.value()
        if not chosen:
            return queryset
        category = self.categories.filter(pk=chosen).first() if is_id(chosen) else None
        if category is None:
            return queryset.none()
        below = Q(path=category.path) | Q(path__startswith=f"{category.path}/")
        tree = Category.objects.filter(below, account=category.account_id)
        return queryset.filter(
            Exists(_variant().filter(product__category__in=tree.values("pk"))),
        )


@admin.register(MissingImage)
class MissingImagesAdmin(ReadOnly, AccountColumn, LargeListAdmin):
    """Rows are computed; nothing here changes one."""

    empty_text = (
        "No pictures are missing. A SKU stands here when every provider of a recipe was asked in "
        "vain, until it has its picture."
    )
    list_display = (
        "picture",
        "sku",
        "name",
        "worth_in_words",
        "stock",
        "roles_missing",
        "reason",
        "next",
    )
    list_display_links = None
    list_filter = (MissingCategoryFilter, ("account", RelatedDropdownFilter))
    list_filter_submit = True
    list_select_related = ("account",)
    search_fields = ("sku",)
    search_help_text = "Find a SKU"
    actions = ("generate_again",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[MissingImage]:
        """One query: price times what is in stock decides, over both databases alike."""
        rows: QuerySet[MissingImage] = super().get_queryset(request).order_by()
        stocked = StockLevel.objects.filter(
            variant__account=OuterRef("account"), variant__sku=OuterRef("sku")
        )
        total = stocked.order_by().values("variant").annotate(sum=Sum("quantity")).values("sum")
        failed = ImageJob.objects.filter(
            account=OuterRef("account"), sku=OuterRef("sku"), state__in=_FAILED
        ).order_by("-id")
        return (
            rows.filter(qa_status=QaStatus.MISSING_IMAGE)
            .select_related("account")
            .annotate(
                variant_id=Subquery(_variant().values("pk")[:1]),
                title=Subquery(_variant().values("display_name")[:1]),
                price=Subquery(_variant().values("price")[:1]),
                in_stock=Coalesce(Subquery(total[:1], output_field=_AMOUNT), _ZERO),
                job_id=Subquery(failed.values("pk")[:1]),
                job_message=Subquery(failed.values("message")[:1]),
            )
            .annotate(
                picture_file=first_picture("variant_id", "variant_id"),
                worth=ExpressionWrapper(
                    F("price") * Greatest(F("in_stock"), _ZERO), output_field=_AMOUNT
                ),
            )
        )

    def get_ordering(self, request: HttpRequest) -> Any:
        """What is computed cannot be named as an attribute, which is checked against the table."""
        return (F("worth").desc(nulls_last=True), "sku")

    @display(description="Photo")
    def picture(self, row: Any) -> str:
        return thumbnail(row.picture_file, of=row.sku)

    @display(description="Product")
    def name(self, row: Any) -> str:
        if row.variant_id is None:
            return "not in the catalog (any more)"
        return format_html(
            '<a class="look-link" href="{}">{}</a>',
            reverse("admin:catalog_variant_change", args=[row.variant_id]),
            row.title or row.sku,
        )

    @display(description="Price \u00d7 stock", ordering="worth")
    def worth_in_words(self, row: Any) -> str:
        if row.price is None:
            return "No price"
        return price_in_words(row.price * max(row.in_stock, Decimal(0)), row.account.currency)

    @display(description="In stock")
    def stock(self, row: Any) -> str:
        return plain_decimal(row.in_stock)

    @display(description="Missing")
    def roles_missing(self, row: Any) -> str:
        missing = [role for role, status in row.roles.items() if status == QaStatus.MISSING_IMAGE]
        return ", ".join(Role(role).label for role in missing if role in Role.values)

    @display(description="Why")
    def reason(self, row: Any) -> str:
        return render_to_string("imagery/missing_reason.html", {"row": row})

    @display(description="Next step")
    def next(self, row: Any) -> str:
        return render_to_string("imagery/missing_next.html", {"row": row})

    @admin.action(description="Generate again", permissions=["view"])
    def generate_again(self, request: HttpRequest, queryset: QuerySet[Any]) -> Any:
        ids = [pk for pk in queryset.values_list("variant_id", flat=True) if pk is not None]
        return generate_page(request, Variant.objects.filter(pk__in=ids))

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        found = super().get_actions(request)
        return found if request.user.has_perm(REQUEST_PERMISSION) else {}

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """What is known of a SKU's pictures is on the variant's page."""
        return HttpResponseRedirect(reverse("admin:imagery_missingimage_changelist"))


def _variant() -> QuerySet[Variant]:
    return Variant.objects.filter(account=OuterRef("account"), sku=OuterRef("sku"))
