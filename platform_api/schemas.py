"""The envelope as OpenAPI schemas: they describe answers; nothing is built from them."""

from collections.abc import Mapping
from typing import Any, Generic, Literal, TypeVar

from ninja import Schema

T = TypeVar("T")

USUAL_FAILURES = (401, 403, 404, 422, 429)


class Meta(Schema):
    page: int
    per_page: int
    total: int


class Success(Schema, Generic[T]):
    status: Literal["success"]
    data: T


class Listing(Schema, Generic[T]):
    status: Literal["success"]
    data: list[T]
    meta: Meta


class AttributeFault(Schema):
    attribute_name: str
    messages: list[str]


class Failure(Schema):
    status: Literal["failure"]
    data: list[AttributeFault]


def documented(
    schema: Any, *, status: int = 200, failures: tuple[int, ...] = USUAL_FAILURES
) -> Mapping[int, Any]:
    """For `response=` of a route: the answer's schema, and the failures it may end in.

    Handlers return HttpResponse (`success(...)`), which django-ninja passes on untouched.
    """
    return {status: schema, **dict.fromkeys(failures, Failure)}
