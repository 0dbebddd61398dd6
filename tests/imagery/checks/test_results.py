"""What others are told of an image's checks."""

import pytest

from imagery.checks.findings import Check, Verdict
from imagery.checks.results import badges_of, reports_of
from tests.factories.accounts import AccountFactory
from tests.imagery.checks.checked import check, stored_image
from tests.imagery.checks.pictures import boxed


@pytest.fixture
def account(db):
    return AccountFactory()


def test_badges_say_the_worst_verdict_and_what_is_behind_it(account):
    image = stored_image(account, boxed(0.5, side=300))
    check(image)

    checks = badges_of([image])[image.pk]

    assert (checks.is_checked, checks.fidelity, checks.worst) == (True, None, Verdict.FAIL)
    assert [badge.title for badge in checks.channels] == [
        "Amazon",
        "eBay",
        "Flipkart",
        "Google",
        "Myntra",
        "Shopify",
        "Walmart",
    ]
    ebay = checks.channels[1]
    assert (ebay.channel, ebay.verdict) == ("ebay", Verdict.FAIL)
    assert ebay.words == (
        "Longest side: 300 px (At least 500 px)",
        "Fidelity: There is no reference photo to compare it with.",
    )


def test_image_that_is_not_checked_yet_says_so(account):
    image = stored_image(account)

    checks = badges_of([image])[image.pk]

    assert (checks.is_checked, checks.channels) == (False, ())
    assert reports_of(image) == []


def test_badges_of_many_cost_three_queries(account, django_assert_num_queries):
    images = [stored_image(account, sku=f"SKU-{number}") for number in range(4)]
    images += [stored_image(AccountFactory())]
    check(*images[:4])
    check(images[4])

    with django_assert_num_queries(3):
        badges = badges_of(images)

    assert {len(checks.channels) for checks in badges.values()} == {7}


def test_report_names_what_passed_as_well(account):
    image = stored_image(account, boxed(0.5, side=300))
    check(image)

    reports = {report.profile.channel: report for report in reports_of(image)}

    assert {found.check: found.verdict for found in reports["ebay"].findings} == {
        Check.READABLE: Verdict.PASS,
        Check.LONGEST_SIDE: Verdict.FAIL,
        Check.SHARPNESS: Verdict.PASS,
        Check.FIDELITY: Verdict.NOT_MEASURABLE,
        Check.DUPLICATE: Verdict.PASS,
    }
    assert reports["ebay"].verdict == Verdict.FAIL
