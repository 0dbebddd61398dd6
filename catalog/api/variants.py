"""`/variants`: one variant by its SKU, whatever characters that is made of."""

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from accounts.scopes import Scope
from catalog.api.documents import lone_variant_document
from catalog.api.media import served_at, site
from catalog.api.schemas import LoneVariantOut
from catalog.reading import (
    NOT_REQUESTED,
    Structure,
    media_of_variants,
    qa_statuses,
    variant_by_sku,
)
from catalog.reading.published_media import published_addresses
from platform_api.auth import BearerAuth, token_of
from platform_api.envelope import success
from platform_api.errors import NotFound
from platform_api.parameters import Text
from platform_api.schemas import Success, documented

router = Router(auth=BearerAuth(Scope.READ))


@router.get(
    "/variants", response=documented(Success[LoneVariantOut]), operation_id="get_variant_by_sku"
)
def get_variant_by_sku(request: HttpRequest, sku: Query[Text]) -> HttpResponse:
    """One variant, for SKUs that a path cannot carry."""
    return variant_answer(request, sku)


@router.get(
    "/variants/{path:sku}",
    response=documented(Success[LoneVariantOut]),
    operation_id="get_variant",
)
def get_variant(request: HttpRequest, sku: Text) -> HttpResponse:
    """One variant. Percent-encode the SKU, a slash in it too; or ask `/variants?sku=`."""
    return variant_answer(request, sku)


def variant_answer(request: HttpRequest, sku: str) -> HttpResponse:
    """The document of the variant with exactly this SKU. Raises NotFound."""
    account = token_of(request).account
    found = variant_by_sku(account_id=account.pk, sku=sku)
    if found is None:
        raise NotFound("sku", "There is no variant with this SKU")
    media = media_of_variants([found.variant.id], served_at=served_at(request))
    statuses = qa_statuses(account_id=account.pk, skus=[sku])
    published = published_addresses(account_id=account.pk, skus=[sku], site=site(request))
    document = lone_variant_document(
        found,
        structure=Structure.load(account_id=account.pk),
        media=media.get(found.variant.id, {}),
        currency=account.currency,
        qa_status=statuses.get(sku, NOT_REQUESTED),
        published=published.get(sku, ()),
    )
    return success(document)
