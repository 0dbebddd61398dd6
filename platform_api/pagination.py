"""Numbered pages of a list: which rows, and the `meta` that says where one is."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from ninja import Field, Schema

LARGEST_PAGE = 2**31 - 1


class Page(Schema):
    """Query parameters: `def list_things(request, page: Query[Page])`; out of range is a 422."""

    page: int = Field(1, ge=1, le=LARGEST_PAGE, description="Counted from 1.")
    per_page: int = Field(20, ge=1, le=200)


def paginate(
    rows: QuerySet[Any, Any] | Sequence[Any], page: Page
) -> tuple[list[Any], dict[str, int]]:
    """The rows of one page, and `meta`. Two queries at most; a page past the end is empty.

    The queryset must be ordered by something unique, or rows could appear twice.
    """
    total = rows.count() if isinstance(rows, QuerySet) else len(rows)
    start = (page.page - 1) * page.per_page
    wanted = list(rows[start : start + page.per_page]) if start < total else []
    return wanted, {"page": page.page, "per_page": page.per_page, "total": total}
