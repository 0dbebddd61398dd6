"""The command that imports a file from the shell."""

import json
import os
import pty
import signal
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from bulk_uploads.models import BulkUpload, Status, UploadedFile
from catalog.models import Variant
from tests.api_client import program
from tests.factories.accounts import AccountFactory
from tests.factories.bulk_uploads import BulkUploadFactory, SavedMappingFactory
from tests.imports import CATALOG, run_to_end
from tests.processes import process_environment, run_manage, running
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True)

GOOD = "Product Name,SKU,Price\nZester,FAN-1,5830\nZester,FAN-2,5990\n"
ONE_BAD_ROW = GOOD + "Zester,FAN-3,cheap\n"
ARGUMENTS = ("--processor", CATALOG, "--account", "demo")
NO_KEY = "Product Name,Price\nZester,5830\n"


@pytest.fixture
def demo():
    return AccountFactory.create(slug="demo")


@pytest.fixture
def write(tmp_path):
    def write(text, name="fans.csv"):
        path = tmp_path / name
        path.write_text(text)
        return path

    return write


def run(path, *arguments, processor=CATALOG, account="demo"):
    call_command("import_file", path, "--processor", processor, "--account", account, *arguments)


def printed(capsys):
    """The upload as the last line of standard output has it."""
    return json.loads(capsys.readouterr().out.splitlines()[-1])


def many_rows(count):
    rows = [f"Product {number // 4},SKU-{number},{number}.50\n" for number in range(count)]
    return "Product Name,SKU,Price\n" + "".join(rows)


def test_the_file_is_imported_and_the_upload_printed_as_the_api_shows_it(demo, write, capsys):
    run(write(GOOD))

    document = printed(capsys)
    shown = program(demo).data(f"/bulk_uploads/{document['id']}")
    path = document["file"].pop("url")
    assert shown["file"].pop("url") == f"http://testserver{path}"
    assert document == shown
    assert (document["status"], document["output"]["created_rows"]) == ("success", 2)
    assert document["file"]["content_type"] == "text/csv"
    assert sorted(Variant.objects.values_list("sku", flat=True)) == ["FAN-1", "FAN-2"]


def test_without_a_terminal_progress_is_a_line_for_each_step(demo, write, capsys):
    run(write(GOOD))

    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "  0% Reading the file: 0 of 2 rows"
    assert lines[-1].startswith("100% Success: 2 of 2 rows")
    assert "\r" not in "".join(lines)


def test_rows_that_failed_make_the_status_one(demo, write, capsys):
    with pytest.raises(SystemExit) as ended:
        run(write(ONE_BAD_ROW))

    assert ended.value.code == 1
    output = printed(capsys)["output"]
    assert (output["created_rows"], output["failed_rows"]) == (2, 1)
    assert Variant.objects.count() == 2


def test_an_upload_that_failed_makes_the_status_two(demo, write, capsys):
    with pytest.raises(SystemExit) as ended:
        run(write(NO_KEY))

    assert ended.value.code == 2
    document = printed(capsys)
    assert (document["status"], document["output"]["code"]) == ("failure", "missing_key_column")
    assert Variant.objects.count() == 0


def test_all_or_nothing_with_a_bad_row_is_a_failure(demo, write, capsys):
    with pytest.raises(SystemExit) as ended:
        run(write(ONE_BAD_ROW), "--options", '{"on_error": "abort"}')

    assert ended.value.code == 2
    assert printed(capsys)["output"]["code"] == "rows_failed"
    assert Variant.objects.count() == 0


def test_a_dry_run_writes_nothing(demo, write, capsys):
    run(write(GOOD), "--dry-run")

    document = printed(capsys)
    assert document["input"] == {"dry_run": True}
    assert (document["output"]["created_rows"], document["output"]["dry_run"]) == (2, True)
    assert Variant.objects.count() == 0


def test_a_mapping_names_the_columns(demo, write, capsys):
    text = "Article,What,Costs\nFAN-1,Zester,5830\n"

    run(write(text), "--mapping", '{"Article": "sku", "What": "title", "Costs": "price"}')

    assert printed(capsys)["input"]["mapping"]["Article"] == "sku"
    assert str(Variant.objects.get(sku="FAN-1").price) == "5830.0000"


def test_a_saved_mapping_is_named(demo, write, capsys):
    SavedMappingFactory(account=demo, name="Acme", mapping={"Article": "sku", "What": "title"})

    run(write("Article,What\nFAN-1,Zester\n"), "--mapping", "acme")

    assert printed(capsys)["input"]["mapping"] == {"Article": "sku", "What": "title"}
    assert Variant.objects.get().sku == "FAN-1"


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"processor": "fan_processor"}, "Bulk upload processor class is not defined"),
        (
            {"processor": "fan_processor"},
            f"fan_processor. Known: bluedart_pincode_csv_upload_processor, {CATALOG}, ",
        ),
        ({"account": "demmo"}, 'No account has the slug "demmo". Known: demo.'),
        ({"options": "{"}, "--options is not JSON"),
        ({"options": "[1]"}, "--options must be a JSON object"),
        ({"options": '{"mapping": {"a\\u0000": "sku"}}'}, "--options must not contain"),
        ({"options": '{"speed": 1}'}, "speed: is not an option of catalog_csv_upload_processor"),
        ({"options": '{"on_error": "panic"}'}, "on_error: must be one of: skip_rows, abort."),
        ({"mapping": "Acme"}, "mapping: There is no saved mapping 'Acme' for such files."),
        ({"mapping": "{7}"}, "--mapping is not JSON"),
        ({"mapping": '{"a": "sku", "b": "sku"}'}, "sends columns 'a' and 'b' to one field: sku"),
        (
            {"mapping": '{"a": "sku"}', "options": '{"mapping": {"b": "sku"}}'},
            "--options and --mapping say different things",
        ),
        ({"options": '{"dry_run": false}', "dry_run": True}, "--options and --dry-run say"),
    ],
)
def test_a_wrong_argument_is_told_in_one_line_and_nothing_is_stored(
    demo, write, arguments, problem
):
    usual = {"processor": CATALOG, "account": "demo"}

    with pytest.raises(CommandError) as refused:
        call_command("import_file", write(GOOD), **(usual | arguments))

    assert problem in str(refused.value)
    assert "\n" not in str(refused.value)
    assert refused.value.returncode == 2
    assert not BulkUpload.objects.exists()
    assert not UploadedFile.objects.exists()


@pytest.mark.parametrize(
    ("name", "problem"), [("gone.csv", "No such file or directory"), ("", "Is a directory")]
)
def test_a_file_that_cannot_be_read_is_told_with_its_path(demo, tmp_path, name, problem):
    path = tmp_path / name

    with pytest.raises(CommandError, match=f"Cannot read {path}: {problem}."):
        run(path)


def test_an_empty_file_is_refused(demo, write):
    with pytest.raises(CommandError, match="The file is empty"):
        run(write(""))
    assert not BulkUpload.objects.exists()


def test_as_a_program_it_keeps_its_outputs_apart(demo, write):
    done = run_manage("import_file", str(write(ONE_BAD_ROW)), *ARGUMENTS)
    refused = run_manage("import_file", "gone.csv", *ARGUMENTS)

    assert done.returncode == 1
    assert json.loads(done.stdout)["output"]["failed_rows"] == 1
    assert "Applying rows" in done.stderr
    assert refused.returncode == 2
    assert refused.stdout == ""
    assert refused.stderr == "CommandError: Cannot read gone.csv: No such file or directory.\n"


def test_on_a_terminal_it_draws_a_bar(demo, write):
    terminal, end = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "manage.py", "import_file", str(write(GOOD)), *ARGUMENTS],
        cwd=settings.BASE_DIR,
        env=process_environment(),
        stdout=subprocess.DEVNULL,
        stderr=end,
    )
    os.close(end)

    assert process.wait(timeout=60) == 0
    drawn = os.read(terminal, 65536).decode()
    os.close(terminal)
    assert "100%|" in drawn
    assert "Success: 2 of 2 rows" in drawn


def test_it_says_for_which_upload_it_waits_and_goes_on_once_that_has_ended(demo, write, tmp_path):
    other = BulkUploadFactory.create(
        account=demo, status=Status.IN_PROGRESS, has_turn=True, run_after=None
    )
    log = tmp_path / "log"
    command = ["manage.py", "import_file", str(write(GOOD))]
    with running(*command, *ARGUMENTS, log=log) as process:
        wait_until(lambda: f"Waiting for upload {other.uuid}" in log.read_text(), seconds=60)
        assert Variant.objects.count() == 0

        BulkUpload.objects.filter(pk=other.pk).update(status=Status.FAILURE, has_turn=False)

        # Well before a waiting upload would look again by itself.
        assert process.wait(timeout=15) == 0
    assert log.read_text().count("Waiting for upload") == 1
    assert Variant.objects.count() == 2


def test_interrupted_it_leaves_the_upload_for_a_worker_and_says_so(demo, write, tmp_path):
    log = tmp_path / "log"
    command = ["manage.py", "import_file", str(write(many_rows(60_000)))]
    with running(*command, *ARGUMENTS, log=log) as process:
        wait_until(BulkUpload.objects.filter(checkpoint_row__gt=1).exists, seconds=60)
        process.send_signal(signal.SIGINT)

        assert process.wait(timeout=30) == 130
    upload = BulkUpload.objects.get()
    assert f"Upload {upload.uuid} is kept" in log.read_text()
    assert "Traceback" not in log.read_text()
    assert (upload.status, upload.claim_token) == (Status.IN_PROGRESS, None)
    assert Variant.objects.count() == upload.created_rows < 60_000

    ended = run_to_end(upload)

    assert (ended.status, ended.created_rows) == (Status.SUCCESS, 60_000)
    assert Variant.objects.count() == 60_000
