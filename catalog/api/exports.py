"""`/export`: the catalog as a file, streamed."""

from typing import Final

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from ninja import Field, Query, Router

from accounts.scopes import Scope
from bulk_uploads.writers import TableTooLarge
from catalog.api.products import WantedProducts
from catalog.export_responses import export_response
from catalog.exporting import ExportFormat, Selection
from catalog.reading import matching_products
from platform_api.auth import BearerAuth, token_of
from platform_api.errors import Unprocessable
from platform_api.schemas import USUAL_FAILURES, Failure

router = Router(auth=BearerAuth(Scope.READ))

_CONTENT: Final = {
    format.content_type.partition(";")[0]: {"schema": {"type": "string", "format": "binary"}}
    for format in ExportFormat
}


class ExportQuery(WantedProducts):
    format: ExportFormat = Field(description="Which kind of file.", examples=["csv"])


@router.get(
    "/export",
    response=dict.fromkeys(USUAL_FAILURES, Failure),
    operation_id="export_catalog",
    openapi_extra={"responses": {200: {"description": "OK", "content": _CONTENT}}},
)
def export_catalog(request: HttpRequest, wanted: Query[ExportQuery]) -> HttpResponseBase:
    """Every variant of the products that match, a row each, under headers that import again.

    CSV and JSON Lines are streamed; a workbook begins to arrive when all of it is written.
    """
    account = token_of(request).account
    products = matching_products(account_id=account.pk, wanted=wanted.as_filter())
    selection = Selection.of_products(products, account_id=account.pk)
    try:
        return export_response(account=account, selection=selection, format=wanted.format)
    except TableTooLarge as error:
        raise Unprocessable(error.attribute_name, *error.messages) from error
