"""The command that asks for a file's images from the shell, waits, and writes the manifest."""

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from accounts.models import Account
from bulk_uploads.models import BulkUpload
from imagery.batches.seeing_through import see_through
from imagery.engine.policy import Policy
from imagery.models import GeneratedImage, PriceUnit, ProviderCall
from imagery.money.budgets import set_budget
from imagery.money.slots import state_of
from jobs import clock
from tests.factories.accounts import AccountFactory
from tests.factories.bulk_uploads import BulkUploadFactory
from tests.factories.imagery import ImageJobFactory, PriceRowFactory
from tests.imagery.batches.batch_files import BAG, HEADER, MUG, SHOE, end
from tests.imagery.fake_provider import FakeProvider, fake_provider
from tests.imports import csv_bytes

pytestmark = pytest.mark.django_db

#: In micro-units.
CREDIT = 1_000_000
HOUR = timedelta(hours=1)


@pytest.fixture
def demo() -> Account:
    """A thousand credits a month; ten for a picture of creativeai."""
    account = AccountFactory.create(slug="demo")
    set_budget(account=account, monthly_cap_micros=1_000 * CREDIT)
    PriceRowFactory.create(
        account=account,
        provider="creativeai",
        unit=PriceUnit.CREDIT,
        unit_micros=CREDIT,
        most_per_image=10,
    )
    state_of(provider="creativeai", account=account)
    return account


@pytest.fixture
def fake(settings: Settings) -> Iterator[FakeProvider]:
    """Creativeai on this machine; what it delivers may be fetched."""
    with fake_provider() as provider:
        settings.CREATIVEAI_BASE_URL = provider.url
        settings.CREATIVEAI_API_KEY = "key"
        settings.OUTBOUND_ALLOWED_HOSTS = frozenset({provider.host_and_port})
        settings.PUBLIC_URL = "https://catalog.example.com"
        yield provider


@pytest.fixture
def ingest(tmp_path, capsys):
    """The exit status, the manifest's lines, and what was printed and said."""

    def ingest(*rows, arguments=(), header=HEADER):
        path, output = tmp_path / "catalog.csv", tmp_path / "outputs.jsonl"
        path.write_bytes(csv_bytes(header, rows))
        try:
            call_command(
                "ingest_images", path, "--account", "demo", "--output", str(output), *arguments
            )
            status = 0
        except SystemExit as left:
            status = left.code
        lines = [json.loads(line) for line in output.read_text().splitlines()]
        said = capsys.readouterr()
        return status, lines, said.out, said.err

    return ingest


def test_a_file_ends_in_a_manifest_of_the_documented_shape(demo, fake, ingest, tmp_path):
    status, lines, out, err = ingest(MUG, SHOE, BAG, arguments=("--variants", "4"))

    assert status == 0
    assert [(line["sku"], line["status"], line["image_count"]) for line in lines] == [
        ("SKU-1001", "completed", 4),
        ("SKU-1002", "completed", 4),
        ("SKU-1003", "completed", 4),
    ]
    first = lines[0]
    assert list(first) == [
        "sku",
        "status",
        "image_count",
        "image_urls",
        "request_id",
        "model_actual",
        "request_ids",
    ]
    image = GeneratedImage.objects.filter(sku="SKU-1001").order_by("want__image_number").first()
    assert first["image_urls"][0] == (
        f"https://catalog.example.com/api/platform/v1/images/{image.uuid}/content"
    )
    assert first["model_actual"] == "fake/gpt-image-1"
    assert first["request_ids"] == [first["request_id"]]
    assert fake.credits == 120
    assert out == f"3 completed, 0 failed: {tmp_path / 'outputs.jsonl'}\n"
    assert "Images: 3 of 3 SKUs" in err


def test_the_same_file_again_makes_no_call_and_a_changed_title_one(demo, fake, ingest):
    _, before, _, _ = ingest(MUG, SHOE)
    calls = ProviderCall.objects.count()

    status, lines, _, _ = ingest(MUG, SHOE)

    assert (status, lines) == (0, before)
    assert ProviderCall.objects.count() == calls == 2

    ingest(MUG, ("SKU-1002", "Trail shoe", *SHOE[2:]))

    assert ProviderCall.objects.count() == 3
    assert GeneratedImage.objects.filter(sku="SKU-1001").count() == 1


def test_a_row_that_fails_makes_the_status_one(demo, fake, ingest):
    status, lines, out, _ = ingest(MUG, ("", "No SKU", "", "", ""))

    assert status == 1
    assert [line["status"] for line in lines] == ["completed", "failed"]
    assert lines[1]["error"] == "missing_key: The row has no sku; it needs one."
    assert out.startswith("1 completed, 1 failed")


def test_images_that_nobody_made_make_the_status_one(demo, ingest):
    """No provider has a key, and the studio has no photo to work on."""
    status, lines, _, err = ingest(("A", "Mug", "", "", ""))

    assert status == 1
    (line,) = lines
    assert (line["sku"], line["status"]) == ("A", "failed")
    assert line["error"]
    assert "1 failed" in err


def test_an_upload_that_failed_makes_the_status_two(demo, ingest):
    status, lines, _, err = ingest(("Mug",), header=("title",))

    assert (status, lines) == (2, [])
    assert "No column holds the SKUs: a 'sku' column is needed." in err


def test_what_waits_for_money_is_not_waited_for(demo, fake, ingest):
    set_budget(account=demo, monthly_cap_micros=5 * CREDIT)
    status, lines, out, err = ingest(MUG)

    assert status == 2
    assert lines == [{"sku": "SKU-1001", "status": "pending"}]
    assert "1 pending" in out
    assert "budget" in err
    assert fake.credits == 0


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("--account", "nobody"), 'No account has the slug "nobody". Known: demo.'),
        (("--variants", "11"), "must be a whole number from 1 to 10."),
        (("--recipe", "none"), "must be the name of a recipe"),
        (("--output", "/nowhere/at/all.jsonl"), "there is no directory /nowhere/at."),
    ],
    ids=["account", "variants", "recipe", "output"],
)
def test_a_wrong_argument_is_told_and_nothing_is_stored(demo, ingest, arguments, problem):
    with pytest.raises(CommandError, match=problem.replace(".", r"\.")) as refused:
        ingest(MUG, arguments=arguments)

    assert refused.value.returncode == 2
    assert not BulkUpload.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_what_a_worker_elsewhere_holds_is_waited_for_and_left_to_it(demo):
    upload = BulkUploadFactory.create(account=demo)
    job = ImageJobFactory.create(
        account=demo, upload=upload, state="running", lease_expires_at=clock.now() + HOUR
    )
    seen = []

    def watch(standing):
        seen.append((standing.ended, standing.is_held))
        # The other worker is done with it.
        end(job, "delivered", lease_expires_at=None)

    standing = see_through(upload, policy=Policy.from_settings(), patience=HOUR, on_progress=watch)

    assert seen == [(0, True), (1, False)]
    assert standing.is_over
    assert not ProviderCall.objects.exists()
