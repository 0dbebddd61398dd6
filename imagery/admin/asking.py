"""Which variants pictures are asked for, what that costs, and the asking itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.access import accounts_for
from accounts.models import Account, User
from catalog.models import Variant
from imagery.admin.generate_form import GenerateForm
from imagery.errors import InvalidRequest
from imagery.image_sets.generation import offers, request_missing
from imagery.models import ImageBatch, Trigger
from imagery.planning.estimating import ImageEstimate, estimate_images
from imagery.planning.requests import Target, request_images
from imagery.recipes.editing import version_in_force

PERMISSION: Final = "imagery.add_imagebatch"
#: SKUs that are asked for from a page at once; an upload with a recipe takes any number.
MOST_SKUS: Final = 2_000


@dataclass(frozen=True, slots=True)
class Chosen:
    """Variants of one account, in the order of their SKUs."""

    account: Account
    variants: Sequence[Variant]

    @property
    def ids(self) -> str:
        return ",".join(str(variant.pk) for variant in self.variants)

    @property
    def skus(self) -> list[str]:
        return [variant.sku for variant in self.variants]

    def targets(self, images: int | None) -> list[Target]:
        return [Target(sku=variant.sku, images=images) for variant in self.variants]


class NotChosen(Exception):
    """What was chosen cannot be asked for together. The text is for the person."""


def chosen_of(request: HttpRequest, variants: QuerySet[Variant]) -> Chosen:
    """Those in accounts where the person may ask for pictures. Raises NotChosen."""
    accounts = accounts_for(request.user, PERMISSION)
    rows = variants.filter(account__in=accounts).order_by("sku").select_related(None)
    found = list(rows.only("pk", "sku", "account_id")[: MOST_SKUS + 1])
    if not found:
        raise NotChosen("Nothing was chosen that your role lets you ask pictures for.")
    if len(found) > MOST_SKUS:
        raise NotChosen(
            f"More than {MOST_SKUS:,} SKUs were chosen. Narrow the list down, or upload a file "
            "with a recipe: that takes any number."
        )
    if len({variant.account_id for variant in found}) > 1:
        raise NotChosen("The chosen rows belong to several accounts: ask for one at a time.")
    return Chosen(accounts.get(pk=found[0].account_id), found)


def estimate_of(chosen: Chosen, form: GenerateForm) -> ImageEstimate | None:
    """Of what a valid form asks for; None where nothing of it is missing."""
    name = form.cleaned_data["recipe"]
    if form.cleaned_data["only_missing"]:
        found = offers(account=chosen.account, skus=chosen.skus, roles=form.roles)
        return next((each.estimate for each in found if each.version.recipe.name == name), None)
    return estimate_images(
        account=chosen.account,
        targets=chosen.targets(form.cleaned_data["images"]),
        version=version_in_force(account=chosen.account, name=name),
    )


def ask(chosen: Chosen, form: GenerateForm, *, by: User | None) -> ImageBatch:
    """What a valid form asks for, planned. Raises ImageryError, with nothing planned."""
    version = version_in_force(account=chosen.account, name=form.cleaned_data["recipe"])
    if form.cleaned_data["only_missing"]:
        if estimate_of(chosen, form) is None:
            raise InvalidRequest("Nothing that this recipe delivers is missing.")
        return request_missing(
            account=chosen.account, version=version, skus=chosen.skus, by=by, roles=form.roles
        )
    requested = request_images(
        account=chosen.account,
        targets=chosen.targets(form.cleaned_data["images"]),
        version=version,
        trigger=Trigger.ADMIN,
        requested_by=by,
        pilot_size=form.cleaned_data["pilot_size"],
    )
    return requested.batch
