"""What an upload can be told of its images: how many of each, and what they may cost."""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Final

from django.db.models import QuerySet

from accounts.models import Account
from bulk_uploads.added_options import AddedOption
from bulk_uploads.models import BulkUpload
from catalog.importing.processor import CatalogProcessor
from imagery.models.recipe import MOST_IMAGES

IMAGE_BATCH_PROCESSOR: Final = "image_batch_csv_upload_processor"
#: An image batch always makes images; this is how, where nothing is said.
DEFAULT_RECIPE: Final = "hero"
_PROCESSORS: Final = frozenset({IMAGE_BATCH_PROCESSOR})
_MICROS: Final = 1_000_000
_LARGEST_CAP: Final = Decimal(1_000_000_000)
_OFFERED_VARIANTS: Final = range(1, 5)


def recipe_of(upload: BulkUpload) -> str:
    """The name of the recipe that the upload's images are made by."""
    name: str = upload.options.get("recipe", DEFAULT_RECIPE)
    return name


def cap_of(upload: BulkUpload) -> int | None:
    """In micro-units; None where the account's budget alone holds."""
    cap = upload.options.get("image_cap")
    return None if cap is None else int(Decimal(str(cap)) * _MICROS)


def _variants_problem(account: Account, value: object) -> str | None:
    is_one = isinstance(value, int) and not isinstance(value, bool)
    if is_one and isinstance(value, int) and 1 <= value <= MOST_IMAGES:
        return None
    return f"must be a whole number from 1 to {MOST_IMAGES}."


def _variants_choices(accounts: QuerySet[Account]) -> Sequence[tuple[int, str]]:
    offered = [(number, str(number)) for number in _OFFERED_VARIANTS]
    return [(0, "As many as the recipe says"), *offered]


def _cap_problem(account: Account, value: object) -> str | None:
    text = "must be an amount of 0 or more in the budget's currency, with at most 6 decimals."
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return text
    try:
        cap = Decimal(str(value))
    except InvalidOperation:
        return text
    in_reach = cap.is_finite() and 0 <= cap <= _LARGEST_CAP
    return None if in_reach and cap * _MICROS == int(cap * _MICROS) else text


def _cap_choices(accounts: QuerySet[Account]) -> Sequence[tuple[str, str]]:
    return [("", "The account's budget alone"), ("0", "Nothing: free providers alone")]


VARIANTS: Final = AddedOption(
    name="variants",
    label="Images a SKU",
    help_text="Of each step that makes different ones.",
    processors=_PROCESSORS,
    problem_with=_variants_problem,
    choices=_variants_choices,
    in_words=lambda value: f"{value} images a step",
)
IMAGE_CAP: Final = AddedOption(
    name="image_cap",
    label="What its images may cost",
    help_text="Within the account's budget. Other amounts can be given through the API.",
    processors=_PROCESSORS | {CatalogProcessor.name},
    problem_with=_cap_problem,
    choices=_cap_choices,
    in_words=lambda value: f"Its images may cost {value} at most",
)
