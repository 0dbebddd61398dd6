"""The sidebar: entries by what people do, each only for those who may open it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from accounts.access import accounts_for
from imagery.admin.overview import to_review


@dataclass(frozen=True, slots=True)
class Entry:
    """`permission` is "app_label.codename"; "" is for everybody, None for superusers alone.

    `badge` is a short text beside the title; "" shows none.
    """

    title: str
    icon: str
    url_name: str
    permission: str | None
    badge: Callable[[HttpRequest], str] | None = None


def _to_review(request: HttpRequest) -> str:
    return to_review(accounts_for(request.user, "imagery.view_reviewticket"))


GROUPS: tuple[tuple[str, tuple[Entry, ...]], ...] = (
    ("", (Entry("Dashboard", "space_dashboard", "admin:index", ""),)),
    (
        "Imports",
        (
            Entry(
                "Bulk uploads",
                "upload_file",
                "admin:bulk_uploads_bulkupload_changelist",
                "bulk_uploads.view_bulkupload",
            ),
            Entry(
                "Saved mappings",
                "schema",
                "admin:bulk_uploads_savedmapping_changelist",
                "bulk_uploads.view_savedmapping",
            ),
        ),
    ),
    (
        "Catalog",
        (
            Entry(
                "Products",
                "inventory_2",
                "admin:catalog_product_changelist",
                "catalog.view_product",
            ),
            Entry("Variants", "sell", "admin:catalog_variant_changelist", "catalog.view_variant"),
            Entry(
                "Categories",
                "account_tree",
                "admin:catalog_category_changelist",
                "catalog.view_category",
            ),
            Entry(
                "Collections",
                "collections_bookmark",
                "admin:catalog_collection_changelist",
                "catalog.view_collection",
            ),
            Entry("Tags", "label", "admin:catalog_tag_changelist", "catalog.view_tag"),
            Entry(
                "Stock",
                "warehouse",
                "admin:catalog_stocklevel_changelist",
                "catalog.view_stocklevel",
            ),
            Entry(
                "Media",
                "photo_library",
                "admin:catalog_mediaasset_changelist",
                "catalog.view_mediaasset",
            ),
        ),
    ),
    (
        "Imagery",
        (
            Entry(
                "Review",
                "compare",
                "admin:imagery_reviewticket_changelist",
                "imagery.view_reviewticket",
                badge=_to_review,
            ),
            Entry(
                "Image jobs",
                "photo_camera",
                "admin:imagery_imagejob_changelist",
                "imagery.view_imagejob",
            ),
            Entry(
                "Image batches",
                "burst_mode",
                "admin:imagery_imagebatch_changelist",
                "imagery.view_imagebatch",
            ),
            Entry(
                "Image sets",
                "grid_view",
                "admin:imagery_skuimagery_changelist",
                "imagery.view_skuimagery",
            ),
            Entry(
                "Missing images",
                "hide_image",
                "admin:imagery_missingimage_changelist",
                "imagery.view_missingimage",
            ),
            Entry(
                "Recipes",
                "auto_fix_high",
                "admin:imagery_recipe_changelist",
                "imagery.view_recipe",
            ),
            Entry(
                "Channel profiles",
                "fact_check",
                "admin:imagery_channelprofile_changelist",
                "imagery.view_channelprofile",
            ),
            Entry(
                "Imagery settings",
                "tune",
                "admin:imagery_imagerysettings_changelist",
                "imagery.view_imagerysettings",
            ),
        ),
    ),
    (
        "Spend",
        (
            Entry(
                "Budget",
                "account_balance_wallet",
                "admin:imagery_budget_changelist",
                "imagery.view_budget",
            ),
            Entry(
                "Ledger",
                "receipt_long",
                "admin:imagery_moneyentry_changelist",
                "imagery.view_moneyentry",
            ),
            Entry(
                "Providers",
                "dns",
                "admin:imagery_providerstate_changelist",
                "imagery.view_providerstate",
            ),
            Entry(
                "Prices", "payments", "admin:imagery_pricerow_changelist", "imagery.view_pricerow"
            ),
        ),
    ),
    (
        "Delivery",
        (
            Entry(
                "Serviceable pincodes",
                "local_shipping",
                "admin:delivery_serviceablepincode_changelist",
                "delivery.view_serviceablepincode",
            ),
        ),
    ),
    (
        "Settings",
        (
            Entry(
                "Account",
                "storefront",
                "admin:accounts_account_changelist",
                "accounts.view_account",
            ),
            Entry(
                "Members",
                "group",
                "admin:accounts_membership_changelist",
                "accounts.view_membership",
            ),
            Entry(
                "API tokens", "key", "admin:accounts_apitoken_changelist", "accounts.view_apitoken"
            ),
            Entry(
                "Webhooks",
                "webhook",
                "admin:imagery_hookendpoint_changelist",
                "imagery.view_hookendpoint",
            ),
            Entry("People", "badge", "admin:accounts_user_changelist", None),
        ),
    ),
    (
        "Operation",
        (
            Entry("Follow-ups", "checklist", "admin:jobs_followup_changelist", None),
            Entry("Queued tasks", "pending_actions", "admin:django_q_ormq_changelist", None),
            Entry("Failed tasks", "assignment_late", "admin:django_q_failure_changelist", None),
        ),
    ),
)


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """The groups of which the person may open something, as unfold wants them."""
    groups = []
    for title, entries in GROUPS:
        items = [_item(entry, request) for entry in entries if _may_open(request, entry)]
        if items:
            groups.append({"title": title, "separator": False, "items": items})
    return groups


def _may_open(request: HttpRequest, entry: Entry) -> bool:
    if entry.permission == "":
        return True
    if entry.permission is None:
        return bool(getattr(request.user, "is_superuser", False))
    return request.user.has_perm(entry.permission)


def _item(entry: Entry, request: HttpRequest) -> dict[str, Any]:
    item = {"title": entry.title, "icon": entry.icon, "link": reverse(entry.url_name)}
    badge = entry.badge(request) if entry.badge else ""
    return {**item, "badge": badge, "badge_variant": "primary"} if badge else item
