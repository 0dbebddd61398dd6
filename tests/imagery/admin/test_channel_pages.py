"""The pages of channel profiles: rules, SKUs by channel, and what a coming rule would break."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.roles import Role
from imagery.checks.findings import Verdict
from imagery.models import (
    ChannelProfile,
    ChannelVerdict,
    GeneratedImage,
    ImageChecking,
    ImageMeasures,
)
from jobs import clock
from tests.factories.accounts import AccountFactory
from tests.factories.catalog import CategoryFactory, ProductFactory, VariantFactory
from tests.factories.imagery import GeneratedImageFactory, SkuImageryFactory
from tests.signing_in import EVERYBODY, STRANGER, SUPERUSER, client_as

pytestmark = pytest.mark.django_db

LIST = "admin:imagery_channelprofile_changelist"
MATRIX = "admin:imagery_channel_matrix"
OWN = {
    "channel": "Own-Shop",
    "title": "Own shop",
    "from_date": "2024-02-01",
    "source": "Our designers",
    "least_longest_side": "1200",
    "formats": ["JPEG", "WEBP"],
}


@pytest.fixture
def account():
    return AccountFactory()


@pytest.fixture
def manager(account):
    return client_as(Role.MANAGER, account)


@pytest.fixture
def reviewer(account):
    return client_as(Role.REVIEWER, account)


def delivered(channel: str) -> ChannelProfile:
    return ChannelProfile.objects.get(account=None, channel=channel, from_date__year=2024)


def own_profile(account, **fields) -> ChannelProfile:
    named = {
        "channel": "own-shop",
        "title": "Own shop",
        "from_date": date(2024, 2, 1),
        "source": "Our designers",
        **fields,
    }
    return ChannelProfile.objects.create(account=account, **named)


def checked_image(account, sku: str, verdicts: dict[str, Verdict], **fields) -> GeneratedImage:
    image = GeneratedImageFactory(account=account, sku=sku, **fields)
    if not account.sku_imagery.filter(sku=sku).exists():
        SkuImageryFactory(account=account, sku=sku)
    ImageMeasures.objects.create(image=image, account=account, measured_at=clock.now())
    for channel, verdict in verdicts.items():
        judged(image, delivered(channel), verdict)
    return image


def judged(image: GeneratedImage, profile: ChannelProfile, verdict: Verdict) -> None:
    findings = [["longest_side", int(verdict), "900 px", "At least 1000 px"]]
    ChannelVerdict.objects.create(
        image=image,
        profile=profile,
        account_id=image.account_id,
        verdict=verdict,
        findings=findings if verdict else [],
    )


def rows_of(answer) -> dict[str, list[str]]:
    """The words of the matrix, by SKU."""
    return {
        row.sku: [cell.verdict.label if cell.verdict is not None else "" for cell in row.cells]
        for row in answer.context["matrix"].rows
    }


def coming_of(channel: str, account=None, **fields) -> ChannelProfile:
    return ChannelProfile.objects.create(
        account=account,
        channel=channel,
        title=channel.title(),
        from_date=clock.now().date() + timedelta(days=30),
        source="Announced",
        **fields,
    )


class TestProfiles:
    def test_list_says_what_holds_whose_it_is_and_where_it_is_stated(self, reviewer):
        page = reviewer.get(reverse(LIST)).content.decode()

        assert page.count("In force") == 7
        assert "Amazon Seller Central" in page
        assert "Delivered" in page

    def test_own_profile_replaces_the_delivered_one(self, reviewer, account):
        own_profile(account, channel="ebay", title="eBay")
        coming_of("google")

        page = reviewer.get(reverse(LIST)).content.decode()

        assert (page.count("In force"), page.count("Replaced"), page.count("Coming")) == (7, 1, 1)

    def test_rules_are_told_in_words(self, reviewer):
        url = reverse("admin:imagery_channelprofile_change", args=[delivered("amazon").pk])

        page = reviewer.get(url).content.decode()

        assert "At least 500 px, 1600 px advised, at most 10000 px" in page
        assert "At least 85 %" in page
        assert "Amazon Seller Central" in page

    def test_manager_adds_an_own_profile_and_images_are_judged_by_it(self, manager, account):
        ImageChecking.objects.create(account=account, looked_on=clock.now().date())

        answer = manager.post(
            reverse("admin:imagery_channelprofile_add"), {**OWN, "account": account.pk}
        )

        assert answer.status_code == 302, answer.content.decode()[-3000:]
        own = ChannelProfile.objects.get(account=account)
        assert (own.channel, own.least_longest_side, own.formats) == (
            "own-shop",
            1200,
            ["JPEG", "WEBP"],
        )
        assert ImageChecking.objects.get(account=account).run_after is not None

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ({"aspect_width": "3"}, "An aspect has two sides"),
            ({"least_fill": "90", "most_fill": "80"}, "This is less than"),
            ({"formats": ["TIFF"]}, "TIFF is not one of the available choices"),
            ({"least_width": "0"}, "greater than or equal to 1"),
        ],
        ids=["half an aspect", "empty range", "unknown format", "zero"],
    )
    def test_rules_that_make_no_sense_are_refused(self, manager, account, wrong, said):
        answer = manager.post(
            reverse("admin:imagery_channelprofile_add"), {**OWN, "account": account.pk, **wrong}
        )

        assert answer.status_code == 200
        assert said in answer.content.decode()
        assert not ChannelProfile.objects.filter(account=account).exists()

    def test_manager_changes_and_deletes_an_own_profile(self, manager, account):
        own = own_profile(account)
        url = reverse("admin:imagery_channelprofile_change", args=[own.pk])

        manager.post(url, {**OWN, "title": "Renamed"})
        own.refresh_from_db()
        assert own.title == "Renamed"

        manager.post(reverse("admin:imagery_channelprofile_delete", args=[own.pk]), {"post": "yes"})
        assert not ChannelProfile.objects.filter(account=account).exists()

    @pytest.mark.parametrize("who", [Role.MANAGER, SUPERUSER])
    def test_nobody_changes_a_delivered_profile(self, account, who):
        amazon = delivered("amazon")
        browser = client_as(who, account)

        for name in ("change", "delete"):
            url = reverse(f"admin:imagery_channelprofile_{name}", args=[amazon.pk])
            browser.post(url, {**OWN, "post": "yes"})

        amazon.refresh_from_db()
        assert (amazon.title, amazon.least_fill) == ("Amazon", 85)

    @pytest.mark.parametrize("who", EVERYBODY)
    def test_pages_are_for_reviewers_and_managers(self, account, who):
        browser = client_as(who, account)
        pages = [reverse(LIST), reverse(MATRIX)]

        codes = {browser.get(url).status_code for url in pages}

        assert codes == ({200} if who in (Role.REVIEWER, Role.MANAGER, SUPERUSER) else {403})

    @pytest.mark.parametrize("who", [Role.MERCHANDISER, Role.REVIEWER, STRANGER])
    def test_only_managers_add_profiles(self, account, who):
        answer = client_as(who, account).post(
            reverse("admin:imagery_channelprofile_add"), {**OWN, "account": account.pk}
        )

        assert answer.status_code == 403
        assert not ChannelProfile.objects.filter(account=account).exists()

    def test_other_account_s_profile_is_out_of_reach(self, manager, account):
        theirs = own_profile(AccountFactory(), title="Their secret shop")

        page = manager.get(reverse(LIST)).content.decode()
        manager.post(
            reverse("admin:imagery_channelprofile_change", args=[theirs.pk]),
            {**OWN, "title": "Ours now"},
        )
        manager.post(
            reverse("admin:imagery_channelprofile_add"), {**OWN, "account": theirs.account_id}
        )

        assert "Their secret shop" not in page
        kept = ChannelProfile.objects.filter(account=theirs.account)
        assert [row.title for row in kept] == ["Their secret shop"]


class TestMatrix:
    def test_cell_is_the_worst_verdict_of_the_sku_s_live_images(self, reviewer, account):
        checked_image(account, "A", {"amazon": Verdict.PASS, "ebay": Verdict.WARN})
        checked_image(account, "A", {"amazon": Verdict.WARN, "ebay": Verdict.PASS})
        checked_image(account, "A", {"amazon": Verdict.FAIL}, decision="rejected")
        checked_image(account, "A", {"amazon": Verdict.FAIL}, is_placeholder=True)
        checked_image(account, "B", {})

        answer = reviewer.get(reverse(MATRIX))

        assert rows_of(answer) == {
            "A": ["Warning", "Warning", "", "", "", "", ""],
            "B": [""] * 7,
        }
        page = answer.content.decode()
        assert f"?account={account.pk}&amp;sku=A#amazon" in page

    def test_rows_are_filtered_by_verdict_and_channel(self, reviewer, account):
        checked_image(account, "FAILS", {"amazon": Verdict.FAIL, "ebay": Verdict.PASS})
        checked_image(account, "WARNS", {"amazon": Verdict.WARN, "ebay": Verdict.PASS})
        checked_image(account, "PASSES", {"amazon": Verdict.PASS, "ebay": Verdict.FAIL})

        def found(**query: str) -> list[str]:
            return list(rows_of(reviewer.get(reverse(MATRIX), query)))

        assert found(verdict="fail") == ["FAILS", "PASSES"]
        assert found(verdict="fail", channel="amazon") == ["FAILS"]
        assert found(verdict="warn", channel="amazon") == ["WARNS"]
        assert found(verdict="pass", channel="ebay") == ["FAILS", "WARNS"]
        assert found(verdict="pass") == []
        assert found(q="pass") == ["PASSES"]
        assert found(verdict="nonsense", channel="nowhere") == ["FAILS", "PASSES", "WARNS"]
        assert found(q="\x00", after="\x00") == ["FAILS", "PASSES", "WARNS"]
        assert found(verdict="fail", channel="\x00") == []

    def test_rows_are_filtered_by_category_and_what_is_below_it(self, reviewer, account):
        fans = CategoryFactory(account=account, path="Fans")
        ceiling = CategoryFactory(account=account, path="Fans/Ceiling")
        other = CategoryFactory(account=account, path="Fansites")
        for sku, category in (("A", fans), ("B", ceiling), ("C", other)):
            product = ProductFactory(account=account, category=category)
            VariantFactory(account=account, product=product, sku=sku)
            checked_image(account, sku, {})

        assert list(rows_of(reviewer.get(reverse(MATRIX), {"category": fans.pk}))) == ["A", "B"]

    def test_pages_follow_each_other(self, reviewer, account):
        for number in range(51):
            SkuImageryFactory(account=account, sku=f"SKU-{number:03}")

        first = reviewer.get(reverse(MATRIX))
        second = reviewer.get(f"{reverse(MATRIX)}?{first.context['next_query']}")

        assert len(rows_of(first)) == 50
        assert list(rows_of(second)) == ["SKU-050"]
        assert second.context["next_query"] is None

    def test_other_account_is_not_shown_and_cannot_be_chosen(self, reviewer, account):
        other = AccountFactory()
        checked_image(other, "THEIRS", {"amazon": Verdict.FAIL})

        assert rows_of(reviewer.get(reverse(MATRIX))) == {}
        assert reviewer.get(reverse(MATRIX), {"account": other.pk}).status_code == 404
        url = reverse("admin:imagery_channel_sku")
        assert reviewer.get(url, {"sku": "THEIRS"}).status_code == 404
        assert reviewer.get(url, {"sku": "THEIRS\x00"}).status_code == 404
        assert reviewer.get(url, {"sku": "THEIRS", "account": other.pk}).status_code == 404

    def test_page_costs_the_same_queries_however_much_is_on_it(self, reviewer, account):
        def queries() -> int:
            with CaptureQueriesContext(connection) as captured:
                assert reviewer.get(reverse(MATRIX)).status_code == 200
            return len(captured)

        checked_image(account, "A", {"amazon": Verdict.PASS})
        queries()
        few = queries()
        for sku in "BCDEFG":
            checked_image(account, sku, {"amazon": Verdict.PASS, "ebay": Verdict.FAIL})

        assert queries() == few

    def test_what_is_behind_a_cell_is_told_image_by_image(self, reviewer, account):
        checked_image(account, "A/1", {"amazon": Verdict.FAIL, "ebay": Verdict.PASS})
        GeneratedImageFactory(account=account, sku="A/1", role="lifestyle")

        page = reviewer.get(reverse("admin:imagery_channel_sku"), {"sku": "A/1"}).content.decode()

        assert "Longest side: 900 px (At least 1000 px)" in page
        assert page.count('id="amazon"') == 1
        assert "has not been checked yet" in page

    def test_sku_s_name_is_harmless(self, reviewer, account):
        checked_image(account, '"><script>alert(1)</script>&#', {"amazon": Verdict.FAIL})

        page = reviewer.get(reverse(MATRIX)).content.decode()

        assert "<script>alert(1)" not in page
        assert "sku=%22%3E%3Cscript%3Ealert%281%29%3C%2Fscript%3E%26%23#amazon" in page


class TestComing:
    def test_images_that_would_do_worse_are_listed_with_the_reason(self, reviewer, account):
        profile = coming_of("amazon")
        worse = checked_image(account, "WORSE", {"amazon": Verdict.PASS})
        judged(worse, profile, Verdict.FAIL)
        same = checked_image(account, "SAME", {"amazon": Verdict.FAIL})
        judged(same, profile, Verdict.FAIL)
        rejected = checked_image(account, "GONE", {"amazon": Verdict.PASS}, decision="rejected")
        judged(rejected, profile, Verdict.FAIL)

        answer = reviewer.get(reverse("admin:imagery_channel_coming", args=[profile.pk]))

        report = answer.context["report"]
        assert (report.images, report.skus, report.before) == (1, 1, delivered("amazon"))
        assert [(row.image, row.now, row.then) for row in report.rows] == [
            (worse, Verdict.PASS, Verdict.FAIL)
        ]
        assert "900 px" in answer.content.decode()

    def test_new_channel_breaks_what_it_fails(self, reviewer, account):
        profile = coming_of("new-shop", account)
        image = checked_image(account, "A", {})
        judged(image, profile, Verdict.WARN)

        answer = reviewer.get(reverse("admin:imagery_channel_coming", args=[profile.pk]))

        assert (answer.context["report"].images, answer.context["report"].before) == (1, None)

    def test_nothing_broken_says_so(self, reviewer, account):
        profile = coming_of("amazon")

        page = reviewer.get(reverse("admin:imagery_channel_coming", args=[profile.pk]))

        assert "Nothing would do worse" in page.content.decode()

    def test_profile_that_has_begun_or_is_another_account_s_has_no_report(self, reviewer, account):
        for profile in (delivered("amazon"), coming_of("secret", AccountFactory())):
            url = reverse("admin:imagery_channel_coming", args=[profile.pk])
            assert reviewer.get(url).status_code == 404
