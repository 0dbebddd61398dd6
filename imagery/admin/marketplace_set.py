"""Downloading a marketplace set of chosen variants, or of a whole account."""

from typing import Final

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import site
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST
from unfold.admin import ModelAdmin

from accounts.access import accounts_for
from accounts.models import Account
from bulk_uploads.admin.row_ids import is_id
from catalog.exporting import Selection
from catalog.models import Variant
from imagery.marketplace_sets.contents import CHANNELS
from imagery.marketplace_sets.responses import set_response
from imagery.models import Rendition
from imagery.renditions.presets import Preset

PERMISSION: Final = "imagery.view_generatedimage"
#: Chosen one by one; "everything" and the API take any number.
MOST_CHOSEN: Final = 2_000
_ONE_ACCOUNT: Final = "The chosen rows belong to several accounts: download a set of one at a time."
_NOTHING: Final = "Nothing was chosen whose images your role lets you see."


class MarketplaceSetForm(forms.Form):
    """`variants` are ids, comma-separated; empty where more were chosen than can be named."""

    channel = forms.ChoiceField(
        choices=[(name, name) for name in CHANNELS],
        error_messages={"required": "Choose a marketplace."},
    )
    what = forms.ChoiceField(choices=[("chosen", "chosen"), ("everything", "everything")])
    variants = forms.CharField(required=False)

    @property
    def offers(self) -> list[dict[str, str]]:
        """For the page: name, label and meaning of each channel."""
        return [
            {"name": name, "label": label_of(name), "meaning": meaning_of(preset)}
            for name, preset in CHANNELS.items()
        ]


def label_of(channel: str) -> str:
    return "eBay" if channel == "ebay" else channel.title()


def meaning_of(preset: Preset) -> str:
    size = f"{preset.width:,} x {preset.height:,}"
    if preset.pads:
        return f"JPEG, filled up with white to the shape of {size}"
    return f"JPEG of at most {size}"


def set_page(request: HttpRequest, variants: QuerySet[Variant]) -> HttpResponseBase | None:
    """The page for what was selected in a list; None, with a message, where there is none."""
    accounts = accounts_for(request.user, PERMISSION)
    rows = variants.filter(account__in=accounts).order_by("sku").select_related(None)
    found = list(rows.values_list("pk", "sku", "account_id")[: MOST_CHOSEN + 1])
    account_ids = {account_id for *_, account_id in found}
    if len(account_ids) != 1:
        messages.error(request, _ONE_ACCOUNT if account_ids else _NOTHING)
        return None
    is_whole = len(found) <= MOST_CHOSEN
    form = MarketplaceSetForm(
        initial={
            "channel": next(iter(CHANNELS)),
            "what": "chosen" if is_whole else "everything",
            "variants": ",".join(str(pk) for pk, *_ in found) if is_whole else "",
        }
    )
    account = accounts.get(pk=account_ids.pop())
    return _page(request, form, account, skus=[sku for _, sku, _ in found])


@admin.register(Rendition)
class MarketplaceSetPages(ModelAdmin):
    """Renditions themselves are nobody's to edit: there is nothing here but the sets."""

    def get_urls(self) -> list[URLPattern]:
        load = self.admin_site.admin_view(self.load_view)
        return [path("set/", load, name="imagery_marketplace_set")]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False

    @method_decorator(require_POST)
    def load_view(self, request: HttpRequest) -> HttpResponseBase:
        accounts = accounts_for(request.user, PERMISSION)
        form = MarketplaceSetForm(request.POST)
        account = _account(accounts, request.POST.get("account", ""))
        if account is None:
            raise PermissionDenied
        given = [pk for pk in request.POST.get("variants", "").split(",") if is_id(pk)]
        chosen = Variant.objects.filter(pk__in=given[:MOST_CHOSEN])
        if not form.is_valid():
            mine = chosen.filter(account=account).order_by("sku")
            return _page(request, form, account, skus=list(mine.values_list("sku", flat=True)))
        if form.cleaned_data["what"] == "everything":
            selection = Selection.everything(account_id=account.pk)
        else:
            selection = Selection.of_variants(chosen, account_id=account.pk)
        return set_response(
            account=account, selection=selection, channel=form.cleaned_data["channel"]
        )


def _account(accounts: QuerySet[Account], given: str) -> Account | None:
    return accounts.filter(pk=given).first() if is_id(given) else None


def _page(
    request: HttpRequest, form: MarketplaceSetForm, account: Account, *, skus: list[str]
) -> TemplateResponse:
    context = {
        **site.each_context(request),
        "opts": Variant._meta,
        "title": "Marketplace set",
        "form": form,
        "account": account,
        "count": len(skus),
        "is_whole": len(skus) <= MOST_CHOSEN,
        "most_chosen": MOST_CHOSEN,
        "some_skus": skus[:8],
        "more": max(0, len(skus) - 8),
    }
    status = 422 if form.is_bound else 200
    return TemplateResponse(request, "imagery/marketplace_set.html", context, status=status)
