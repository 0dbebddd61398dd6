"""Lists, newest first: by page, or walked through with a cursor where they are long."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Field, Schema

from catalog.api.cursor import InvalidCursor, decode_cursor, encode_cursor
from platform_api.envelope import PageMeta
from platform_api.errors import Unprocessable
from platform_api.pagination import Page, paginate
from platform_api.parameters import Text


class Walk(Schema):
    cursor: Text | None = Field(
        None,
        description="Walks through all of them without counting: start with an empty cursor, go "
        "on with `meta.next_cursor` until it is null. Not together with `page`.",
    )


def newest_first(
    request: HttpRequest, rows: QuerySet[Any, dict[str, Any]], *, walk: Walk, page: Page
) -> tuple[list[dict[str, Any]], PageMeta]:
    """`rows` are values with an `id`. Raises Unprocessable for a cursor of another list."""
    rows = rows.order_by("-id")
    if walk.cursor is None:
        return paginate(rows, page)
    if "page" in request.GET:
        raise Unprocessable("cursor", "Give either a cursor or a page, not both")
    try:
        last_id = decode_cursor(walk.cursor)
    except InvalidCursor:
        raise Unprocessable("cursor", "Not a cursor that this list gave out") from None
    if last_id:
        rows = rows.filter(id__lt=last_id)
    found = list(rows[: page.per_page + 1])
    shown, more = found[: page.per_page], found[page.per_page :]
    next_cursor = encode_cursor(shown[-1]["id"]) if more else None
    return shown, {"per_page": page.per_page, "next_cursor": next_cursor}
