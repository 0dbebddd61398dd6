"""`/variants/{sku}/stock`: how much of one variant lies at which location."""

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from accounts.scopes import Scope
from catalog.api.documents import Document
from catalog.api.schemas import StockOut
from catalog.api.variants import variant_answer
from catalog.stock.reading import VariantStock, stock_by_sku
from platform_api.auth import BearerAuth, token_of
from platform_api.envelope import success
from platform_api.errors import NotFound
from platform_api.parameters import Text
from platform_api.schemas import Success, documented

router = Router(auth=BearerAuth(Scope.READ))


@router.get("/stock", response=documented(Success[StockOut]), operation_id="get_stock_by_sku")
def get_stock_by_sku(request: HttpRequest, sku: Query[Text]) -> HttpResponse:
    """The stock of one variant, for SKUs that a path cannot carry."""
    account = token_of(request).account
    stock = stock_by_sku(account_id=account.pk, sku=sku)
    if stock is None:
        raise NotFound("sku", "There is no variant with this SKU")
    return success(_document(sku, stock))


@router.get(
    "/variants/{path:sku}/stock",
    response=documented(Success[StockOut]),
    operation_id="get_variant_stock",
)
def get_variant_stock(request: HttpRequest, sku: Text) -> HttpResponse:
    """The levels of one variant by location, and their total; none where it is not stocked.

    Percent-encode the SKU, a slash in it too; or ask `/stock?sku=`.
    """
    account = token_of(request).account
    stock = stock_by_sku(account_id=account.pk, sku=sku)
    if stock is None:
        # A variant whose SKU ends in /stock has the address that another one's stock would have.
        return variant_answer(request, f"{sku}/stock")
    return success(_document(sku, stock))


def _document(sku: str, stock: VariantStock) -> Document:
    return {
        "sku": sku,
        "total": stock.total,
        "levels": [
            {
                "location": level.location,
                "is_default": level.is_default,
                "quantity": level.quantity,
                "updated_at": level.updated_at,
            }
            for level in stock.levels
        ],
    }
