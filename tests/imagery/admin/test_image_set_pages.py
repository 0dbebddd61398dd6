"""Image sets: what SKUs need, and how they stand."""

import pytest
from django.urls import reverse

from accounts.roles import Role as Member
from imagery.image_sets.rules import rules_of, set_rules
from imagery.models import ImageSetRule, QaStatus, SkuImagery
from jobs import clock
from tests.factories.accounts import AccountFactory
from tests.factories.catalog import CategoryFactory, VariantFactory
from tests.factories.imagery import SkuImageryFactory
from tests.signing_in import EVERYBODY, STRANGER, SUPERUSER, client_as

pytestmark = pytest.mark.django_db

RULES = "admin:imagery_imagesetrule_changelist"
SETS = "admin:imagery_skuimagery_changelist"


@pytest.fixture
def account():
    return AccountFactory(slug="shop")


@pytest.mark.parametrize("who", EVERYBODY)
def test_members_see_what_is_needed_and_managers_say_it(account, who):
    client = client_as(who, account)
    seen = 403 if who == STRANGER else 200
    assert client.get(reverse(RULES)).status_code == seen
    assert client.get(reverse(SETS)).status_code == seen
    posted = {"account": account.pk, "category": "", "role": ["hero", "lifestyle"]}
    client.post(reverse(RULES), posted)
    is_set = who in (Member.MANAGER, SUPERUSER)
    assert rules_of(account_id=account.pk).default == (("hero", "lifestyle") if is_set else ())


def test_a_category_has_rules_of_its_own(account):
    CategoryFactory(account=account, path="Fans/Ceiling", name="Ceiling")
    client = client_as(Member.MANAGER, account)
    posted = {"account": account.pk, "category": "Fans/Ceiling", "role": ["hero"]}
    client.post(reverse(RULES), posted)
    assert rules_of(account_id=account.pk).by_path == {"Fans/Ceiling": ("hero",)}
    assert "Fans/Ceiling" in client.get(reverse(RULES)).content.decode()


@pytest.mark.parametrize(
    "wrong", [{"category": "Nowhere"}, {"category": "A\x00"}, {"role": ["portrait"]}], ids=str
)
def test_what_there_is_not_is_refused_in_words(account, wrong):
    client = client_as(Member.MANAGER, account)
    posted = {"account": account.pk, "category": "", "role": ["hero"], **wrong}
    answer = client.post(reverse(RULES), posted, follow=True)
    assert "There is no" in answer.content.decode()
    assert ImageSetRule.objects.count() == 0


def test_another_accounts_category_and_rules_are_out_of_reach(account):
    other = AccountFactory()
    CategoryFactory(account=other, path="Theirs", name="Theirs")
    set_rules(account=other, category=None, roles=["hero"])
    client = client_as(Member.MANAGER, account)
    assert client.post(reverse(RULES), {"account": other.pk, "role": []}).status_code == 404
    client.post(reverse(RULES), {"account": account.pk, "category": "Theirs", "role": ["hero"]})
    assert list(ImageSetRule.objects.values_list("account_id", flat=True)) == [other.pk]


def test_skus_are_filtered_by_how_they_stand(account):
    for sku, status in (("A-1", QaStatus.APPROVED), ("B-2", QaStatus.MISSING_IMAGE)):
        SkuImagery.objects.create(
            account=account,
            sku=sku,
            qa_status=status,
            roles={"hero": status.value},
            updated_at=clock.now(),
        )
    client = client_as(Member.REVIEWER, account)
    page = client.get(reverse(SETS), {"qa_status__exact": "missing_image"}).content.decode()
    assert ("B-2" in page, "A-1" in page) == (True, False)
    assert "Hero: missing image" in page


@pytest.mark.parametrize("sku", ["A-1", "A&B", "A#1", "A+1", "Ä 1"])
def test_a_sku_leads_to_its_variant_or_else_to_its_jobs(account, sku):
    VariantFactory(sku=sku)
    row = SkuImageryFactory(account=account, sku=sku)
    page = reverse("admin:imagery_skuimagery_change", args=[row.pk])
    client = client_as(Member.REVIEWER, account)
    gone = client.get(page, follow=True)
    assert gone.redirect_chain[-1][0].startswith(reverse("admin:imagery_imagejob_changelist"))
    assert gone.context["cl"].query == sku
    variant = VariantFactory(account=account, sku=sku)
    assert client.get(page)["Location"] == reverse(
        "admin:catalog_variant_change", args=[variant.pk]
    )
