"""`/images/marketplace_set`: a channel's pictures of many SKUs as one streamed archive."""

from enum import StrEnum

from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from ninja import Field, Query, Router

from catalog.api.products import WantedProducts
from catalog.exporting import Selection
from catalog.models import Variant
from catalog.reading import matching_products
from imagery.api.access import READING
from imagery.marketplace_sets.contents import CHANNELS
from imagery.marketplace_sets.responses import set_response
from platform_api.auth import token_of
from platform_api.parameters import Text
from platform_api.schemas import USUAL_FAILURES, Failure

router = Router(auth=READING)

#: The marketplaces there are sets for.
Channel = StrEnum("Channel", {name.upper(): name for name in CHANNELS})  # type: ignore[misc]
_ZIP = {"application/zip": {"schema": {"type": "string", "format": "binary"}}}


class SetQuery(WantedProducts):
    channel: Channel = Field(description="The marketplace.", examples=["amazon"])
    sku: list[Text] = Field([], max_length=1_000, description="These SKUs alone; may be repeated.")


@router.get(
    "/images/marketplace_set",
    response=dict.fromkeys(USUAL_FAILURES, Failure),
    operation_id="get_marketplace_set",
    openapi_extra={"responses": {200: {"description": "OK", "content": _ZIP}}},
)
def get_marketplace_set(request: HttpRequest, wanted: Query[SetQuery]) -> HttpResponseBase:
    """The approved images of the variants that match, as the marketplace wants them.

    A ZIP of files named by SKU, with an `index.csv` that tells what is missing.
    """
    account = token_of(request).account
    products = matching_products(account_id=account.pk, wanted=wanted.as_filter())
    selection = Selection.of_products(products, account_id=account.pk)
    if wanted.sku:
        selection = Selection.of_variants(
            _only(selection.variants, wanted.sku), account_id=account.pk
        )
    return set_response(account=account, selection=selection, channel=wanted.channel.value)


def _only(variants: QuerySet[Variant], skus: list[str]) -> QuerySet[Variant]:
    return variants.filter(sku__in=skus)
