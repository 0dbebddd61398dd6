"""A small API on the real assembly, for what every room's routes have in common."""

import threading
from decimal import Decimal
from uuid import UUID, uuid4

from django.contrib import admin
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path
from ninja import File, Form, Query, Router, Schema
from ninja.files import UploadedFile

from accounts.models import Account
from accounts.scopes import Scope
from platform_api.api import create_api
from platform_api.auth import BearerAuth
from platform_api.envelope import success
from platform_api.errors import NotFound
from platform_api.idempotency import idempotent, keep_answer
from platform_api.pagination import Page, paginate
from platform_api.schemas import Listing, Success, documented

router = Router()
READ = BearerAuth(Scope.READ)
WRITE = BearerAuth(Scope.UPLOADS)

# A request to /slow or /exact tells that it runs, and waits to be let go.
running = threading.Event()
let_go = threading.Event()


class Part(Schema):
    sku: str


class Thing(Schema):
    slug: str
    price: Decimal = Decimal(1)
    parts: list[Part] = []


@router.get("/things", auth=READ, response=documented(Listing[Thing]))
def list_things(request: HttpRequest, page: Query[Page]) -> HttpResponse:
    rows, meta = paginate(Account.objects.order_by("slug").values("slug", "uuid"), page)
    return success(rows, meta=meta)


@router.get("/things/{uuid:thing_id}", auth=READ, response=documented(Success[Thing]))
def get_thing(request: HttpRequest, thing_id: UUID) -> HttpResponse:
    raise NotFound("thing_id", "No such thing")


@router.post("/things", auth=WRITE, response=documented(Success[Thing], status=201))
@idempotent
def create_thing(request: HttpRequest, thing: Thing) -> HttpResponse:
    account = Account.objects.create(slug=thing.slug, name=thing.slug)
    return success({"id": account.uuid, "created_at": account.created_at}, status=201)


@router.post("/files", auth=WRITE)
@idempotent
def create_file(request: HttpRequest, slug: Form[str], file: File[UploadedFile]) -> HttpResponse:
    if slug == "refused":
        raise NotFound("slug")
    Account.objects.create(slug=slug, name=slug)
    return success({"byte_size": len(file.read())}, status=201)


@router.post("/secrets", auth=WRITE)
@idempotent
def create_secret(request: HttpRequest, thing: Thing) -> HttpResponse:
    Account.objects.create(slug=thing.slug, name=thing.slug)
    response = success({"secret": "ct_secret"}, status=201)
    response["Cache-Control"] = "no-store"
    return response


@router.post("/slow", auth=WRITE)
@idempotent
def create_slowly(request: HttpRequest, thing: Thing) -> HttpResponse:
    running.set()
    let_go.wait(timeout=20)
    Account.objects.create(slug=thing.slug, name=thing.slug)
    return success({}, status=201)


@router.post("/exact", auth=WRITE)
@idempotent
def create_exactly(request: HttpRequest, thing: Thing) -> HttpResponse:
    running.set()
    let_go.wait(timeout=20)
    with transaction.atomic():
        Account.objects.create(slug=uuid4().hex, name=thing.slug)
        answer = success({}, status=201)
        keep_answer(request, answer)
    return answer


@router.post("/bells", auth=WRITE)
@idempotent
def ring_bell(request: HttpRequest) -> HttpResponse:
    Account.objects.create(slug="first", name="first")
    return success({}, status=201)


@router.get("/crash", auth=READ)
def crash(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("a secret of the inside")


api = create_api()
api.add_router("", router)
# Pages outside the API have the admin to lead back to.
urlpatterns = [path("api/platform/v1/", api.urls), path("admin/", admin.site.urls)]
