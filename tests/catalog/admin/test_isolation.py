"""No page, choice, filter or form of one account shows or touches the catalog of another."""

import pytest
from django.urls import reverse

from accounts.roles import Role
from bulk_uploads.models import Outcome
from catalog.models import Change, Product, Variant
from tests.factories.accounts import AccountFactory, MembershipFactory
from tests.factories.bulk_uploads import BulkUploadFactory, RowResultFactory
from tests.factories.catalog import MediaAssetFactory, ProductFactory, TagFactory, VariantFactory
from tests.signing_in import client_as

pytestmark = pytest.mark.django_db


@pytest.fixture
def mine():
    product = ProductFactory(name="My fan", category_path="My/Fans", tags=["My tag"])
    return VariantFactory(product=product, sku="MINE-1")


@pytest.fixture
def theirs():
    account = AccountFactory(name="Another shop")
    product = ProductFactory(
        account=account,
        name="Their fan",
        category_path="Their/Fans",
        tags=["Their tag"],
        collections=["Their collection"],
    )
    MediaAssetFactory(account=account, url="https://their.example/1.png")
    return VariantFactory(product=product, sku="THEIRS-1")


@pytest.fixture
def browser(mine):
    return client_as(Role.MANAGER, mine.account)


@pytest.mark.parametrize(
    "model", ["product", "variant", "category", "collection", "tag", "mediaasset"]
)
def test_lists_name_own_rows_only(browser, mine, theirs, model):
    page = browser.get(reverse(f"admin:catalog_{model}_changelist")).content.decode().lower()

    assert "their" not in page
    assert "another shop" not in page


@pytest.mark.parametrize(
    ("model", "term"), [("product", "Their"), ("product", "THEIRS-1"), ("variant", "THEIRS")]
)
def test_search_finds_nothing_of_another_account(browser, theirs, model, term):
    answer = browser.get(reverse(f"admin:catalog_{model}_changelist"), {"q": term})

    assert list(answer.context["cl"].result_list) == []


@pytest.mark.parametrize("page", ["change", "history", "delete"])
@pytest.mark.parametrize("model", ["product", "variant"])
def test_pages_of_another_accounts_rows_are_as_if_they_were_not_there(browser, theirs, model, page):
    pk = theirs.pk if model == "variant" else theirs.product_id
    url = reverse(f"admin:catalog_{model}_{page}", args=[pk])

    for answer in (browser.get(url), browser.post(url, {"name": "Taken"})):
        if page == "history" and answer.status_code == 405:
            continue
        assert (answer.status_code, answer.headers["Location"]) == (302, reverse("admin:index"))
    assert not Change.objects.exists()
    assert Variant.objects.filter(pk=theirs.pk).exists()


@pytest.mark.parametrize(
    ("model", "field"),
    [
        ("variant", "product"),
        ("product", "category"),
        ("product", "tags"),
        ("product", "collections"),
    ],
)
def test_autocomplete_offers_own_rows_only(browser, mine, theirs, model, field):
    answer = browser.get(
        reverse("admin:autocomplete"),
        {"app_label": "catalog", "model_name": model, "field_name": field, "term": ""},
    )

    assert "Their" not in answer.content.decode()


def test_autocomplete_of_the_product_finds_own_products(browser, mine):
    answer = browser.get(
        reverse("admin:autocomplete"),
        {"app_label": "catalog", "model_name": "variant", "field_name": "product", "term": "fan"},
    )

    assert [found["text"] for found in answer.json()["results"]] == ["My fan"]


@pytest.mark.parametrize(
    ("model", "query"),
    [
        ("product", "category__id__exact"),
        ("product", "tags__id__exact"),
        ("variant", "product__category__id__exact"),
    ],
)
def test_a_filter_by_another_accounts_shelf_finds_and_names_nothing(
    browser, mine, theirs, model, query
):
    shelf = theirs.product.tags.get() if "tags" in query else theirs.product.category

    answer = browser.get(reverse(f"admin:catalog_{model}_changelist"), {query: shelf.pk})

    assert "Their" not in answer.content.decode()
    if answer.status_code == 200:
        assert list(answer.context["cl"].result_list) == []


def test_the_upload_filter_offers_and_follows_own_uploads_only(browser, mine, theirs):
    upload = BulkUploadFactory(account=theirs.account, succeeded=True, file__name="theirs.csv")
    # Even if its ledger named a row of ours.
    RowResultFactory(upload=upload, outcome=Outcome.UPDATED, object_id=mine.pk)

    for model in ("product", "variant"):
        url = reverse(f"admin:catalog_{model}_changelist")
        assert "theirs.csv" not in browser.get(url).content.decode()
        assert list(browser.get(url, {"upload": upload.pk}).context["cl"].result_list) == []


def test_a_posted_product_of_another_account_is_a_form_error(browser, mine, theirs):
    answer = browser.post(
        reverse("admin:catalog_variant_change", args=[mine.pk]),
        {"seen_change": "", "product": theirs.product_id, "active": "on"},
    )

    mine.refresh_from_db()
    assert answer.status_code == 422
    assert "product" in answer.context["form"].errors
    assert mine.product.name == "My fan"


def test_a_new_variant_of_another_accounts_product_is_a_form_error(browser, theirs):
    answer = browser.post(
        reverse("admin:catalog_variant_add"), {"sku": "NEW-1", "product": theirs.product_id}
    )

    assert "product" in answer.context["form"].errors
    assert not Variant.objects.filter(sku="NEW-1").exists()


def test_the_form_of_a_new_variant_does_not_name_another_accounts_product(browser, theirs):
    url = reverse("admin:catalog_variant_add")

    assert "Their fan" not in browser.get(url, {"product": theirs.product_id}).content.decode()


def test_a_new_product_for_another_account_is_a_form_error(mine, theirs):
    second = AccountFactory()
    browser = client_as(Role.MANAGER, mine.account, second)

    answer = browser.post(
        reverse("admin:catalog_product_add"), {"name": "Taken", "account": theirs.account.pk}
    )

    assert "account" in answer.context["form"].errors
    assert not Product.objects.filter(name="Taken").exists()


def test_who_manages_one_account_and_reviews_another_changes_only_the_first(mine, theirs):
    browser = client_as(Role.MANAGER, mine.account)
    MembershipFactory(account=theirs.account, user=browser.user, role=Role.REVIEWER)
    url = reverse("admin:catalog_variant_change", args=[theirs.pk])

    assert browser.get(url).context["may_change"] is False
    assert browser.post(url, {"product": theirs.product_id}).status_code == 403
    assert (
        browser.post(reverse("admin:catalog_variant_delete", args=[theirs.pk])).status_code == 403
    )
    assert (
        browser.post(
            reverse("admin:catalog_variant_add"), {"sku": "NEW-1", "product": theirs.product_id}
        )
        .context["form"]
        .errors["product"]
    )
    assert Variant.objects.filter(pk=theirs.pk).exists()
    assert not Change.objects.exists()


def test_a_tag_of_the_same_name_leads_each_account_to_its_own_products(browser, mine):
    other = TagFactory(name="My tag")
    own = mine.product.tags.get()

    page = browser.get(reverse("admin:catalog_tag_changelist")).content.decode()

    assert f"tags__id__exact={own.pk}" in page
    assert f"tags__id__exact={other.pk}" not in page
