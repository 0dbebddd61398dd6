"""Asking for pictures from a list or a variant's page: the cost first, then the jobs."""

import re

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from accounts.roles import Role
from imagery.admin import asking
from imagery.image_sets.rules import set_rules
from imagery.models import (
    BatchState,
    Decision,
    ImageBatch,
    ImageJob,
    JobState,
    LadderRung,
    PriceUnit,
    QaStatus,
    ReviewTicket,
    Trigger,
    Want,
    WantState,
)
from imagery.recipes.drafts import RungDraft, StepDraft
from imagery.recipes.editing import save_recipe
from jobs import clock
from tests.factories.accounts import AccountFactory
from tests.factories.catalog import ProductFactory, VariantFactory
from tests.factories.imagery import (
    GeneratedImageFactory,
    PriceRowFactory,
    SkuImageryFactory,
)
from tests.signing_in import client_as

pytestmark = pytest.mark.django_db

ADD = "admin:imagery_imagebatch_add"
ESTIMATE = "admin:imagery_imagebatch_estimate"
VARIANTS = "admin:catalog_variant_changelist"
ACTION = "generate_images"


@pytest.fixture
def account():
    return AccountFactory.create(currency="USD")


@pytest.fixture
def browser(account):
    return client_as(Role.MERCHANDISER, account)


def variants_of(account, *skus: str):
    return [VariantFactory.create(account=account, sku=sku) for sku in skus]


def given(variants, recipe="pipeline", **fields) -> dict[str, object]:
    return {
        "variants": ",".join(str(variant.pk) for variant in variants),
        "recipe": recipe,
        **fields,
    }


def text_of(answer) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def said(answer) -> list[str]:
    return [str(message) for message in get_messages(answer.wsgi_request)]


def selected(browser, name: str, rows) -> object:
    posted = {"action": ACTION, "_selected_action": [row.pk for row in rows]}
    return browser.post(reverse(f"admin:catalog_{name}_changelist"), posted)


def test_selected_variants_lead_to_the_choice_of_a_recipe(browser, account):
    variants = variants_of(account, "MUG-1", "MUG-2")

    page = selected(browser, "variant", variants)

    assert page.status_code == 200
    assert [offer.name for offer in page.context["form"].offers] == ["hero", "pipeline"]
    assert page.context["chosen"].ids == f"{variants[0].pk},{variants[1].pk}"
    assert "Delivers Cut-out, Lifestyle." in text_of(page)
    assert not ImageJob.objects.exists()


def test_selected_products_stand_for_their_variants(browser, account):
    product = ProductFactory.create(account=account)
    own = [VariantFactory.create(account=account, product=product, sku=f"P-{n}") for n in (1, 2)]
    VariantFactory.create(account=account)

    page = selected(browser, "product", [product])

    assert list(page.context["chosen"].variants) == own


def test_a_reviewer_is_offered_no_such_action(account):
    variants = variants_of(account, "MUG-1")
    reviewer = client_as(Role.REVIEWER, account)

    page = reviewer.get(reverse(VARIANTS))

    assert ACTION not in page.content.decode()
    assert selected(reviewer, "variant", variants).status_code in (200, 302)
    assert not ImageBatch.objects.exists()


def test_rows_of_several_accounts_are_asked_for_one_account_at_a_time(account):
    other = AccountFactory.create()
    browser = client_as(Role.MERCHANDISER, account, other)
    both = variants_of(account, "A") + variants_of(other, "B")

    assert said(selected(browser, "variant", both)) == [
        "The chosen rows belong to several accounts: ask for one at a time."
    ]


def test_too_many_at_once_are_refused(browser, account, monkeypatch):
    monkeypatch.setattr(asking, "MOST_SKUS", 2)
    variants = variants_of(account, "A", "B", "C")

    assert said(selected(browser, "variant", variants))[0].startswith("More than 2 SKUs")


def test_rows_of_accounts_where_one_only_looks_are_left_out(account):
    watched = AccountFactory.create()
    browser = client_as(Role.MERCHANDISER, account)
    theirs = variants_of(watched, "B")

    answer = browser.post(reverse(ADD), given(theirs))

    assert answer.status_code == 302
    assert not ImageJob.objects.exists()


def priced_recipe(account, *, images: int = 1) -> None:
    PriceRowFactory.create(account=account, provider="studio", unit_micros=250_000)
    step = StepDraft(
        name="hero",
        operation="generate",
        role="hero",
        images=images,
        prompt_template="{title}",
        ladder=[RungDraft("studio")],
    )
    save_recipe(account=account, name="dear", description="", steps=[step], by=None)


def test_the_cost_is_shown_before_anything_is_asked_for(browser, account):
    priced_recipe(account)
    variants = variants_of(account, "MUG-1", "MUG-2")

    answer = browser.post(reverse(ESTIMATE), given(variants, "dear", images="2"))

    text = text_of(answer)
    assert "4 pictures to make" in text
    assert "At least 1.00 USD Expected 1.00 USD At most 2.00 USD" in text
    assert not ImageJob.objects.exists()
    assert not Want.objects.exists()


def test_what_is_there_already_and_what_has_no_price_is_said(browser, account):
    priced_recipe(account)
    variants = variants_of(account, "MUG-1", "MUG-2")
    browser.post(reverse(ADD), given(variants[:1], "dear"))

    text = text_of(browser.post(reverse(ESTIMATE), given(variants, "dear")))
    assert "2 pictures wanted, 1 of them there already" in text

    rung = LadderRung.objects.get(provider="studio", step__version__recipe__name="dear")
    PriceRowFactory.create(
        account=account,
        provider="studio",
        operation="generate",
        unit=PriceUnit.CREDIT,
        unit_micros=None,
        model=rung.model,
    )
    text = text_of(browser.post(reverse(ESTIMATE), given(variants, "dear")))
    assert "Without a price nothing is bought" in text


def test_free_pictures_are_called_free(browser, account):
    text = text_of(browser.post(reverse(ESTIMATE), given(variants_of(account, "MUG-1"))))

    assert "Free: it is made by the built-in studio." in text


def test_one_sku_leads_to_its_job(browser, account):
    answer = browser.post(reverse(ADD), given(variants_of(account, "MUG-1")))

    job = ImageJob.objects.get()
    assert answer["Location"] == reverse("admin:imagery_imagejob_change", args=[job.pk])
    assert (job.sku, job.trigger, job.requested_by) == ("MUG-1", Trigger.ADMIN, browser.user)
    assert job.recipe_version.recipe.name == "pipeline"


def test_a_pilot_goes_first_and_the_rest_is_held(browser, account):
    variants = variants_of(account, "A", "B", "C")

    answer = browser.post(reverse(ADD), given(variants, pilot_size="1"))

    batch = ImageBatch.objects.get()
    assert answer["Location"] == reverse("admin:imagery_imagebatch_change", args=[batch.pk])
    assert (batch.state, batch.pilot_size) == (BatchState.PILOT, 1)
    states = sorted(batch.jobs.values_list("state", flat=True))
    assert states == [JobState.HELD, JobState.HELD, JobState.WAITING]


def test_a_pilot_of_all_is_none(browser, account):
    browser.post(reverse(ADD), given(variants_of(account, "A", "B"), pilot_size="2"))

    assert ImageBatch.objects.get().state == BatchState.RELEASED


@pytest.mark.parametrize(
    "fields",
    [{"recipe": "nothing"}, {"images": "11"}, {"images": "0"}, {"pilot_size": "-1"}],
    ids=["recipe", "too many images", "no images", "pilot"],
)
def test_what_makes_no_sense_is_said_and_nothing_is_asked_for(browser, account, fields):
    answer = browser.post(reverse(ADD), given(variants_of(account, "A", "B")) | fields)

    assert answer.status_code == 422
    assert "Nothing was asked for." in text_of(answer)
    assert not ImageJob.objects.exists()


def test_ids_that_are_none_are_left_out(browser, account):
    (variant,) = variants_of(account, "MUG-1")

    answer = browser.get(reverse(ADD), {"variants": f"{variant.pk},x,,-1,9{'9' * 40}"})

    assert list(answer.context["chosen"].variants) == [variant]
    assert browser.get(reverse(ADD)).status_code == 302


# The card on a variant's page


def test_a_variants_page_shows_its_set_and_leads_to_what_is_missing(browser, account):
    (variant,) = variants_of(account, "MUG-1")
    SkuImageryFactory.create(
        account=account,
        sku="MUG-1",
        qa_status=QaStatus.MISSING_IMAGE,
        roles={"hero": "missing_image", "cutout": "pending_review"},
    )

    page = browser.get(reverse("admin:catalog_variant_change", args=[variant.pk]))

    text = text_of(page)
    assert "Generated images Missing image" in text
    assert "Hero Missing image Generate" in text
    assert "Cut-out To review" in text
    assert f"?variants={variant.pk}&amp;role=hero" in page.content.decode()
    assert "role=cutout" not in page.content.decode()


def test_only_what_a_role_needs_is_made(browser, account):
    (variant,) = variants_of(account, "MUG-1")
    set_rules(account=account, category=None, roles=["cutout", "hero"])

    page = browser.get(reverse(ADD), {"variants": variant.pk, "role": "cutout"})
    assert [offer.name for offer in page.context["form"].offers] == ["pipeline"]
    browser.post(reverse(ADD), given([variant], role="cutout"))

    assert [want.role for want in Want.objects.all()] == ["cutout"]


def test_a_role_that_no_recipe_delivers_leaves_the_choice(browser, account):
    (variant,) = variants_of(account, "MUG-1")

    page = browser.get(reverse(ADD), {"variants": variant.pk, "role": "angle_1"})

    assert page.context["form"].role is None
    assert len(page.context["form"].offers) == 2


def test_a_reviewer_sees_the_set_but_asks_for_nothing(account):
    (variant,) = variants_of(account, "MUG-1")
    page = client_as(Role.REVIEWER, account).get(
        reverse("admin:catalog_variant_change", args=[variant.pk])
    )

    assert "Generated images Not requested" in text_of(page)
    assert reverse(ADD) not in page.content.decode()


@pytest.mark.parametrize(
    ("role", "waiting", "leads_there"),
    [(Role.REVIEWER, 2, True), (Role.REVIEWER, 0, False), (Role.MERCHANDISER, 2, False)],
)
def test_what_waits_for_review_is_one_step_away(account, role, waiting, leads_there):
    (variant,) = variants_of(account, "MUG-1")
    ticket = ReviewTicket.objects.create(
        account=account, sku="MUG-1", waiting=waiting, since=clock.now()
    )

    page = client_as(role, account).get(reverse("admin:catalog_variant_change", args=[variant.pk]))

    table = reverse("admin:imagery_reviewticket_change", args=[ticket.pk])
    assert (table in page.content.decode()) == leads_there
    assert ("Review 2 images" in text_of(page)) == leads_there


def test_only_what_is_missing_is_asked_for(browser, account):
    variants = variants_of(account, "A", "B")
    browser.post(reverse(ADD), given(variants[:1]))
    set_rules(account=account, category=None, roles=["cutout"])

    text = text_of(browser.post(reverse(ESTIMATE), given(variants, only_missing="on")))
    browser.post(reverse(ADD), given(variants, only_missing="on"))

    assert "1 picture to make" in text
    assert sorted(Want.objects.filter(sku="B").values_list("role", flat=True)) == ["cutout"]
    assert ImageJob.objects.filter(sku="A").count() == 1


def test_a_rejected_picture_is_made_anew(browser, account):
    (variant,) = variants_of(account, "MUG-1")
    set_rules(account=account, category=None, roles=["cutout"])
    browser.post(reverse(ADD), given([variant], role="cutout"))
    want = Want.objects.get(role="cutout")
    Want.objects.update(state=WantState.SATISFIED)
    ImageJob.objects.update(state=JobState.DELIVERED, ended_at=clock.now(), run_after=None)
    GeneratedImageFactory.create(
        account=account, sku="MUG-1", role="cutout", want=want, decision=Decision.REJECTED
    )

    browser.post(reverse(ADD), given([variant], role="cutout"))

    numbers = Want.objects.filter(role="cutout").values_list("redo_number", flat=True)
    assert sorted(numbers) == [0, 1]


def test_where_nothing_is_missing_nothing_is_asked_for(browser, account):
    variants = variants_of(account, "A")
    set_rules(account=account, category=None, roles=["hero"])

    text = text_of(browser.post(reverse(ESTIMATE), given(variants, only_missing="on")))
    answer = browser.post(reverse(ADD), given(variants, only_missing="on"))

    assert "there is nothing to ask for" in text
    assert answer.status_code == 422
    assert "Nothing that this recipe delivers is missing." in text_of(answer)
    assert not ImageBatch.objects.exists()
