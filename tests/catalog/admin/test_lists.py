"""The lists of products and variants: search, filters, pages, and what a page costs."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.roles import Role
from bulk_uploads.admin import large_lists
from bulk_uploads.models import Outcome
from catalog.api.media import thumbnail_path
from tests.factories.accounts import AccountFactory
from tests.factories.bulk_uploads import BulkUploadFactory, RowResultFactory
from tests.factories.catalog import (
    MediaAssetFactory,
    ProductFactory,
    PropertySetDefinitionFactory,
    VariantFactory,
    link_media,
)
from tests.signing_in import client_as

pytestmark = pytest.mark.django_db


@pytest.fixture
def account():
    return AccountFactory()


@pytest.fixture
def browser(account):
    return client_as(Role.MERCHANDISER, account)


@pytest.fixture
def zester(account):
    product = ProductFactory(
        account=account, name="ZESTER", category_path="Fans/Ceiling", tags=["Quiet", "New"]
    )
    return VariantFactory(product=product, sku="FAN-1", ean="4006381333931")


@pytest.fixture
def yorker(account):
    product = ProductFactory(
        account=account, name="YORKER", category_path="Fansy", collections=["A"]
    )
    return VariantFactory(product=product, sku="LAMP-2", active=False)


def found(browser, model: str, **query) -> set[str]:
    answer = browser.get(reverse(f"admin:catalog_{model}_changelist"), query)
    assert answer.status_code == 200
    return {str(row) for row in answer.context["cl"].result_list}


@pytest.mark.parametrize("term", ["FAN-1", "fan", "40063", "zester"])
def test_variants_are_found_by_sku_ean_and_product(browser, zester, yorker, term):
    assert found(browser, "variant", q=term) == {"FAN-1"}


@pytest.mark.parametrize("term", ["zest", "FAN-1"])
def test_products_are_found_by_name_and_by_the_sku_of_a_variant(browser, zester, yorker, term):
    VariantFactory(product=zester.product, sku="FAN-11")

    answer = browser.get(reverse("admin:catalog_product_changelist"), {"q": term})

    assert [str(row) for row in answer.context["cl"].result_list] == ["ZESTER"]


def test_a_category_covers_what_is_below_it_and_nothing_that_only_begins_alike(
    browser, zester, yorker
):
    above = zester.product.category.parent

    assert found(browser, "product", category__id__exact=above.pk) == {"ZESTER"}
    assert found(browser, "variant", product__category__id__exact=above.pk) == {"FAN-1"}


def test_tag_and_collection_filter(browser, zester, yorker):
    tag = zester.product.tags.get(name="Quiet")
    collection = yorker.product.collections.get()

    assert found(browser, "product", tags__id__exact=tag.pk) == {"ZESTER"}
    assert found(browser, "variant", product__tags__id__exact=tag.pk) == {"FAN-1"}
    assert found(browser, "product", collections__id__exact=collection.pk) == {"YORKER"}
    assert found(browser, "variant", product__collections__id__exact=collection.pk) == {"LAMP-2"}


def test_active_filter(browser, zester, yorker):
    assert found(browser, "variant", active__exact="1") == {"FAN-1"}
    assert found(browser, "product", active="yes") == {"ZESTER"}
    assert found(browser, "product", active="no") == {"YORKER"}


def test_upload_filter_follows_the_ledger(browser, account, zester, yorker):
    upload = BulkUploadFactory(account=account, succeeded=True)
    RowResultFactory(upload=upload, outcome=Outcome.UPDATED, object_id=zester.pk)
    dry = BulkUploadFactory(account=account, succeeded=True, options={"dry_run": True})
    RowResultFactory(upload=dry, outcome=Outcome.CREATED, object_id=yorker.pk)

    assert found(browser, "variant", upload=upload.pk) == {"FAN-1"}
    assert found(browser, "product", upload=upload.pk) == {"ZESTER"}
    assert found(browser, "variant", upload=dry.pk) == set()
    assert found(browser, "variant", upload="nonsense") == set()


def test_a_long_list_is_counted_only_so_far_and_still_paged_to_its_end(
    browser, account, monkeypatch
):
    monkeypatch.setattr(large_lists, "COUNTED", 4)
    monkeypatch.setattr(large_lists.LargeListAdmin, "list_per_page", 3)
    product = ProductFactory(account=account)
    skus = [VariantFactory(product=product).sku for _ in range(8)]
    url = reverse("admin:catalog_variant_changelist")

    pages = [browser.get(url, {"p": page}) for page in (1, 2, 3)]

    shown = [[str(row) for row in page.context["cl"].result_list] for page in pages]
    assert shown == [skus[:4:-1], skus[4:1:-1], skus[1::-1]]
    texts = [" ".join(page.content.decode().split()) for page in pages]
    assert all("more than 4 variants" in text for text in texts)
    assert ['rel="next"' in text for text in texts] == [True, True, False]
    assert ['rel="prev"' in text for text in texts] == [False, True, True]


def test_a_short_list_says_its_exact_count(browser, zester, yorker):
    page = browser.get(reverse("admin:catalog_variant_changelist")).content.decode()

    assert "2 variants" in page


@pytest.mark.parametrize("model", ["product", "variant"])
def test_a_list_shows_the_first_picture(browser, account, zester, model):
    """Of those that were fetched: nobody is sent to a supplier's server."""
    paths = PropertySetDefinitionFactory(account=account, media_paths=True)
    failed = MediaAssetFactory(account=account, failed=True)
    first, second = MediaAssetFactory.create_batch(2, account=account, fetched=True)
    link_media(zester, paths, failed.url, first.url, second.url)

    page = browser.get(reverse(f"admin:catalog_{model}_changelist")).content.decode()

    assert f'src="{thumbnail_path(first.file.uuid)}"' in page
    assert thumbnail_path(second.file.uuid) not in page
    assert "https://images.example.com" not in page


@pytest.mark.parametrize("model", ["product", "variant", "tag", "mediaasset"])
def test_who_works_for_several_accounts_sees_whose_row_it_is(account, zester, model):
    second = AccountFactory(name="My second shop")
    url = reverse(f"admin:catalog_{model}_changelist")

    alone = client_as(Role.MANAGER, account).get(url).context["cl"].list_display
    several = client_as(Role.MANAGER, account, second).get(url).context["cl"].list_display

    assert "account" not in alone
    assert several[-1] == "account"


def queries(browser, url: str) -> int:
    browser.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(url).status_code == 200
    return len(captured)


@pytest.mark.parametrize(
    "model", ["product", "variant", "category", "collection", "tag", "mediaasset"]
)
def test_a_list_costs_the_same_for_one_row_and_for_twenty(browser, account, model):
    paths = PropertySetDefinitionFactory(account=account, media_paths=True)
    url = reverse(f"admin:catalog_{model}_changelist")

    def one_more(number: int) -> None:
        product = ProductFactory(
            account=account,
            category_path=f"Fans/{number}",
            tags=[f"Tag {number}"],
            collections=[f"Collection {number}"],
        )
        link_media(VariantFactory(product=product), paths, f"https://a.example/{number}.png")

    one_more(0)
    few = queries(browser, url)
    for number in range(1, 20):
        one_more(number)

    assert queries(browser, url) == few


def test_a_product_costs_the_same_with_one_variant_and_with_twenty(browser, zester):
    url = reverse("admin:catalog_product_change", args=[zester.product_id])
    few = queries(browser, url)
    for _ in range(19):
        VariantFactory(product=zester.product)

    assert queries(browser, url) == few


@pytest.mark.parametrize("model", ["product", "variant"])
@pytest.mark.parametrize("key", ["abc", "1e400", "9" * 19, "9" * 30])
def test_a_list_is_not_filtered_by_what_is_no_key(browser, zester, model, key):
    page = reverse(f"admin:catalog_{model}_changelist")
    relation = "category" if model == "product" else "product__category"

    answer = browser.get(page, {f"{relation}__id__exact": key})

    assert (answer.status_code, answer["Location"]) == (302, f"{page}?e=1")
    assert found(browser, model, **{f"{relation}__id__exact": ""}) == {str(row_of(model, zester))}


def row_of(model: str, variant):
    return variant if model == "variant" else variant.product
