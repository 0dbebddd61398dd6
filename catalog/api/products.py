"""`/products`: finding products, walking through all of them, reading one."""

import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema
from pydantic import field_validator

from accounts.scopes import Scope
from catalog.api.cursor import InvalidCursor, decode_cursor, encode_cursor
from catalog.api.documents import Document, product_documents
from catalog.api.media import served_at, site
from catalog.api.schemas import ProductOut
from catalog.reading import (
    ProductFilter,
    ProductRows,
    find_products,
    product_by_uuid,
    read_page,
)
from platform_api.auth import BearerAuth, token_of
from platform_api.envelope import PageMeta, success
from platform_api.errors import NotFound, Unprocessable
from platform_api.pagination import Page, paginate
from platform_api.parameters import Text
from platform_api.schemas import Listing, Success, documented

router = Router(auth=BearerAuth(Scope.READ))


class WantedProducts(Schema):
    """Query parameters that narrow down to some products; all that are given must hold."""

    q: Text | None = Field(None, description="Part of a name, display name, SKU or EAN.")
    category: Text | None = Field(
        None,
        description="A category's full path; products in the categories below it count too.",
        examples=["Fans/Havells"],
    )
    collection: Text | None = Field(None, description="A collection's whole name.")
    tag: Text | None = Field(None, description="A tag's whole name.")
    active: bool | None = Field(
        None, description="Whether at least one variant of the product is active."
    )
    updated_since: datetime | None = Field(
        None,
        description="Products changed then or later, or with a variant that was. ISO 8601; "
        "without an offset, UTC.",
    )

    @field_validator("updated_since")
    @classmethod
    def _in_utc(cls, moment: datetime | None) -> datetime | None:
        if moment is None or moment.tzinfo is None:
            return moment and moment.replace(tzinfo=UTC)
        try:
            return moment.astimezone(UTC)
        except OverflowError:
            raise ValueError("Must lie between the years 1 and 9999 in UTC") from None

    def as_filter(self) -> ProductFilter:
        return ProductFilter(
            q=self.q,
            category=self.category,
            collection=self.collection,
            tag=self.tag,
            active=self.active,
            updated_since=self.updated_since,
        )


class ProductQuery(WantedProducts):
    cursor: Text | None = Field(
        None,
        description="Walks through all products without counting them: start with an empty "
        "cursor, go on with `meta.next_cursor` until it is null. Not together with `page`.",
    )


@router.get("/products", response=documented(Listing[ProductOut]), operation_id="list_products")
def list_products(
    request: HttpRequest, wanted: Query[ProductQuery], page: Query[Page]
) -> HttpResponse:
    """Products with their variants, oldest first."""
    found = find_products(account_id=token_of(request).account_id, wanted=wanted.as_filter())
    meta: PageMeta
    if wanted.cursor is None:
        rows, meta = paginate(found, page)
    else:
        if "page" in request.GET:
            raise Unprocessable("cursor", "Give either a cursor or a page, not both")
        rows, meta = _walk(found, cursor=wanted.cursor, per_page=page.per_page)
    return success(_documents(request, rows), meta=meta)


@router.get(
    "/products/{uuid:product_id}",
    response=documented(Success[ProductOut]),
    operation_id="get_product",
)
def get_product(request: HttpRequest, product_id: uuid.UUID) -> HttpResponse:
    """One product with its variants."""
    account_id = token_of(request).account_id
    found = product_by_uuid(account_id=account_id, product_uuid=product_id)
    documents = _documents(request, found)
    if not documents:
        raise NotFound("id", "There is no product with this id")
    return success(documents[0])


def _documents(request: HttpRequest, rows: Iterable[tuple[Any, ...]]) -> list[Document]:
    account = token_of(request).account
    page = read_page(
        account_id=account.pk, rows=rows, served_at=served_at(request), site=site(request)
    )
    return product_documents(page, currency=account.currency)


def _walk(
    found: ProductRows, *, cursor: str, per_page: int
) -> tuple[list[tuple[Any, ...]], PageMeta]:
    """The products behind the cursor; one row more is read to know whether any are left."""
    try:
        last_id = decode_cursor(cursor)
    except InvalidCursor:
        raise Unprocessable("cursor", "Not a cursor that this list gave out") from None
    rows = list(found.filter(id__gt=last_id)[: per_page + 1])
    page, more = rows[:per_page], rows[per_page:]
    next_cursor = encode_cursor(page[-1][0]) if more else None
    return page, {"per_page": per_page, "next_cursor": next_cursor}
