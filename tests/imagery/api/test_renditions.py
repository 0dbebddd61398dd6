"""GET /renditions/...: what is approved, for everybody; of anything else not even that it is."""

import threading
import uuid
from urllib.parse import quote

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from imagery.api.renditions import KEPT, KEPT_MEANWHILE
from imagery.marking import DigitalSource, source_of
from imagery.models import Decision, ImagerySettings, Publication, Role
from imagery.renditions import reading
from imagery.renditions.addresses import rendition_path
from imagery.renditions.presets import PRESETS
from tests.factories.catalog import VariantFactory
from tests.imagery.renditions.pictures import BLUE, GREEN, RED, colour_at, is_near, seen
from tests.imagery.renditions.published import (
    approve,
    let_time_pass,
    picture,
    published_image,
    reject,
    rows_of,
    settle,
    stored_image,
)

pytestmark = pytest.mark.django_db
BROWSER = "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8"


def path_of(image, preset="small", *, sku=None, role=None, account=None):
    return rendition_path(
        account=account or image.account.uuid,
        sku=image.sku if sku is None else sku,
        role=role or image.role,
        preset=preset,
    )


def get(path, method="get", **headers):
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    return getattr(Client(), method)(path, headers=headers)


def what_it_shows(response):
    return response.status_code, response.content, sorted(response.headers.items())


def test_an_approved_image_is_there_for_anybody():
    image = published_image()

    response = get(path_of(image, "thumb"))

    assert response.status_code == 200
    assert response["Content-Type"] == "image/jpeg"
    assert seen(response.content).size == (100, 62)
    assert response["Cache-Control"] == KEPT
    assert KEPT == "public, max-age=300, stale-while-revalidate=86400"
    assert response["Vary"] == "Accept"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert response["Content-Length"] == str(len(response.content))
    assert "Set-Cookie" not in response.headers
    assert source_of(response.content) is DigitalSource.TRAINED_ALGORITHMIC_MEDIA


def test_every_preset_is_served():
    image = published_image()

    for preset in PRESETS:
        response = get(path_of(image, preset))
        assert (response.status_code, seen(response.content).format) == (200, "JPEG"), preset


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        (BROWSER, "webp"),
        ("image/webp", "webp"),
        ("image/jpeg;q=0.5, image/webp;q=0.9", "webp"),
        ("image/jpeg, image/webp;q=0.9", "jpeg"),
        ("image/webp;q=0", "jpeg"),
        ("image/*", "jpeg"),
        ("*/*", "jpeg"),
        ("text/html", "jpeg"),
        (";;;,,q=x", "jpeg"),
    ],
)
def test_webp_is_for_those_who_name_it(accept, kind):
    image = published_image()

    response = get(path_of(image), accept=accept)

    assert response["Content-Type"] == f"image/{kind}"
    assert seen(response.content).format == kind.upper()
    assert response["Vary"] == "Accept"


def test_a_channel_gets_jpeg_whatever_is_accepted():
    image = published_image()

    assert (
        get(path_of(image, "channel:amazon"), accept="image/webp")["Content-Type"] == "image/jpeg"
    )


def test_each_file_has_a_tag_of_its_own_and_is_not_sent_twice():
    image = published_image()
    jpeg, webp = get(path_of(image)), get(path_of(image), accept=BROWSER)
    assert jpeg["ETag"] != webp["ETag"]

    for method in ("get", "head"):
        again = get(path_of(image), method, if_none_match=f'"other", {jpeg["ETag"]}')
        assert (again.status_code, again.content) == (304, b"")
        for name in ("ETag", "Cache-Control", "Vary"):
            assert again[name] == jpeg[name]
    assert get(path_of(image), accept=BROWSER, if_none_match=jpeg["ETag"]).status_code == 200


def test_head_tells_the_same_without_the_picture():
    image = published_image()
    whole = get(path_of(image))

    head = get(path_of(image), "head")

    assert (head.status_code, head.content) == (200, b"")
    assert dict(head.headers) == dict(whole.headers)


SKUS = [
    *("A/B", "/A", "A//B", "..", "a/../b", "50%", "A?b=c#d", "Ä ß 日本", "a+b c", "x" * 200),
    "hero/zoom",
]


@pytest.mark.parametrize("sku", SKUS, ids=range(len(SKUS)))
def test_a_sku_may_hold_any_character(sku):
    image = published_image(sku=sku)

    response = get(path_of(image))

    assert response.status_code == 200
    asked = get(
        f"/api/platform/v1/renditions/{image.account.uuid}"
        f"?sku={quote(sku, safe='')}&role=hero&preset=small"
    )
    assert asked.content == response.content


def test_a_picture_of_the_product_is_that_of_its_variants():
    variant = VariantFactory.create()
    image = published_image(
        variant.account, sku="", product_key=variant.product.key, role=Role.SWATCH_GRID
    )

    assert get(path_of(image, sku=variant.sku)).status_code == 200
    assert get(path_of(image, sku="other")).status_code == 404
    assert get(path_of(image, sku=variant.sku, role="hero")).status_code == 404


@pytest.mark.parametrize(
    "changed",
    [
        {"preset": "huge"},
        {"preset": "channel:nowhere"},
        {"preset": "2000"},
        {"preset": "zoom-v1"},
        {"sku": "unknown"},
        {"sku": "sku-1"},
        {"sku": "A\x00B"},
        {"role": "lifestyle"},
        {"role": "unknown"},
        {"role": "A\x00"},
        {"account": uuid.UUID(int=7)},
        {"account": "no-id"},
        {"account": "demo"},
    ],
    ids=str,
)
def test_whatever_is_not_there_gets_the_same_answer_after_the_same_work(changed):
    """As the answer for a picture that waits for review, is rejected, or is a placeholder."""
    image = published_image()
    waiting = stored_image(image.account, sku="waiting")
    rejected = stored_image(image.account, sku="rejected", content=picture(BLUE))
    reject(rejected)
    stock = stored_image(image.account, sku="stock", is_placeholder=True, content=picture(GREEN))
    path = path_of(image, **{"account": image.account.uuid, **changed})
    hidden = [path_of(each) for each in (waiting, rejected, stock)]

    with CaptureQueriesContext(connection) as queries:
        response = get(path)

    assert response.status_code == 404
    assert response["Cache-Control"] == "no-store"
    assert len(queries) == 2
    for each in hidden:
        with CaptureQueriesContext(connection) as others:
            assert what_it_shows(get(each)) == what_it_shows(response)
        assert len(others) == 2


@pytest.mark.parametrize("query", ["sku=A%00&role=hero", "sku=SKU-1&role=A%00"])
def test_what_no_database_can_look_for_is_not_there(query):
    account = published_image().account

    response = get(f"/api/platform/v1/renditions/{account.uuid}?{query}&preset=small")

    assert response.status_code == 404
    unknown = f"/api/platform/v1/renditions/{account.uuid}?sku=unknown&role=hero&preset=small"
    assert what_it_shows(response) == what_it_shows(get(unknown))


def test_a_picture_takes_one_query():
    path = path_of(published_image())

    with CaptureQueriesContext(connection) as queries:
        assert get(path).status_code == 200

    assert len(queries) == 1


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_nothing_can_be_done_to_it(method):
    image = published_image()

    assert get(path_of(image), method).status_code == 405


def test_a_withdrawn_approval_is_unreachable_at_once():
    image = published_image()
    etag = get(path_of(image))["ETag"]

    reject(image)

    assert get(path_of(image)).status_code == 404
    assert get(path_of(image), if_none_match=etag).status_code == 404
    assert get(f"/{rows_of(image)[0].storage_path}").status_code == 404


def test_the_previous_picture_answers_until_the_next_is_built():
    first = published_image()
    approve(stored_image(first.account, content=picture(BLUE)))

    meanwhile = get(path_of(first))
    settle()
    let_time_pass()
    settle()
    after = get(path_of(first))

    assert is_near(colour_at(meanwhile.content, 0.5, 0.5), RED)
    assert meanwhile["Cache-Control"] == KEPT_MEANWHILE
    assert is_near(colour_at(after.content, 0.5, 0.5), BLUE)
    assert after["Cache-Control"] == KEPT


def test_a_candidate_that_gave_way_is_not_taken_for_a_previous_picture():
    """Its bytes are public, as another SKU's; but of this one they never were."""
    elsewhere = published_image(sku="other", content=picture(GREEN))
    candidate = stored_image(elsewhere.account, content=picture(GREEN))
    chosen = approve(stored_image(elsewhere.account, content=picture(BLUE)))
    candidate.refresh_from_db()
    assert candidate.decision == Decision.SUPERSEDED

    assert get(path_of(chosen)).status_code == 404


def test_what_was_lost_is_built_again():
    image = published_image()
    for row in rows_of(image):
        default_storage.delete(row.storage_path)

    assert get(path_of(image)).status_code == 404
    assert get(path_of(image)).status_code == 404
    publication = Publication.objects.get()
    assert (publication.asked, publication.built_at) == (2, None)
    settle()

    assert get(path_of(image)).status_code == 200


def test_what_cannot_be_rendered_is_not_tried_for_everyone_who_asks():
    image = published_image(content=b"no picture")

    assert get(path_of(image)).status_code == 404

    assert Publication.objects.get().run_after is None


def allow_placeholder(account):
    ImagerySettings.objects.create(account=account, placeholder_is_public=True)


def test_where_the_account_allows_it_the_stock_picture_stands_in():
    variant = VariantFactory.create()
    path = rendition_path(
        account=variant.account.uuid, sku=variant.sku, role="hero", preset="medium"
    )
    assert get(path).status_code == 404
    allow_placeholder(variant.account)

    response = get(path, accept=BROWSER)

    assert response.status_code == 200
    assert response["Content-Type"] == "image/webp"
    assert seen(response.content).size == (600, 600)
    assert response["Cache-Control"] == KEPT_MEANWHILE
    assert source_of(response.content) is DigitalSource.ALGORITHMIC_MEDIA
    assert get(path, accept=BROWSER, if_none_match=response["ETag"]).status_code == 304
    assert get(path.replace("medium", "huge")).status_code == 404
    assert get(path.replace("hero", "none")).status_code == 404
    assert get(path.replace(variant.sku, "unknown")).status_code == 404


def test_a_rejected_picture_gives_way_to_the_stock_picture():
    variant = VariantFactory.create()
    allow_placeholder(variant.account)
    image = published_image(variant.account, sku=variant.sku)
    shown = get(path_of(image)).content

    reject(image)

    response = get(path_of(image))
    assert response.status_code == 200
    assert response.content != shown


def test_files_in_s3_are_served_and_removed(s3_bucket):
    image = published_image()
    paths = sorted(row.storage_path for row in rows_of(image))
    assert s3_bucket.keys(f"{image.account.uuid}/public/") == paths

    response = get(path_of(image))
    assert (response.status_code, seen(response.content).size) == (200, (300, 188))
    reject(image)
    settle()

    assert get(path_of(image)).status_code == 404
    assert s3_bucket.keys() == [image.storage_path]


def test_a_storage_that_does_not_answer_costs_nobody_more_than_two_seconds(s3_bucket, monkeypatch):
    image = published_image()
    assert reading.PATIENCE < 2
    is_over = threading.Event()
    monkeypatch.setattr(reading, "_content", lambda path: is_over.wait(10))
    monkeypatch.setattr(reading, "PATIENCE", 0.05)

    response = get(path_of(image))
    is_over.set()

    assert (response.status_code, response["Retry-After"]) == (503, "2")
    assert "Cache-Control" not in response.headers
