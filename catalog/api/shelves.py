"""`/categories`, `/collections` and `/tags`: the shelves of an account, by name."""

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from accounts.scopes import Scope
from catalog.api.schemas import CategoryOut, NamedOut
from catalog.models import Category, Collection, Tag
from platform_api.auth import BearerAuth, token_of
from platform_api.envelope import success
from platform_api.pagination import Page, paginate
from platform_api.schemas import Listing, documented

router = Router(auth=BearerAuth(Scope.READ))


@router.get(
    "/categories", response=documented(Listing[CategoryOut]), operation_id="list_categories"
)
def list_categories(request: HttpRequest, page: Query[Page]) -> HttpResponse:
    """Every category, by path."""
    categories = Category.objects.filter(account_id=token_of(request).account_id).order_by("path")
    rows, meta = paginate(categories.values_list("path", "name", "parent__path"), page)
    data = [{"path": path, "name": name, "parent_path": parent} for path, name, parent in rows]
    return success(data, meta=meta)


@router.get("/collections", response=documented(Listing[NamedOut]), operation_id="list_collections")
def list_collections(request: HttpRequest, page: Query[Page]) -> HttpResponse:
    """Every collection, by name."""
    collections = Collection.objects.filter(account_id=token_of(request).account_id).order_by(
        "name"
    )
    rows, meta = paginate(collections.values("name"), page)
    return success(rows, meta=meta)


@router.get("/tags", response=documented(Listing[NamedOut]), operation_id="list_tags")
def list_tags(request: HttpRequest, page: Query[Page]) -> HttpResponse:
    """Every tag, by name."""
    tags = Tag.objects.filter(account_id=token_of(request).account_id).order_by("name")
    rows, meta = paginate(tags.values("name"), page)
    return success(rows, meta=meta)
