"""The command that writes an export to a file."""

from io import StringIO

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from tests.factories.accounts import AccountFactory
from tests.imports import import_rows

from .files import FORMATS, exported

pytestmark = pytest.mark.django_db


@pytest.fixture
def account():
    account = AccountFactory.create(slug="demo")
    import_rows(account, ["SKU", "Product Name"], [["A", "Fan"], ["B", "Fan"]])
    return account


def run(path, format="csv", account="demo"):
    out, err = StringIO(), StringIO()
    call_command(
        "export_catalog",
        *("--account", account, "--format", format, "--output", str(path)),
        stdout=out,
        stderr=err,
    )
    assert out.getvalue() == ""
    return err.getvalue()


@pytest.mark.parametrize("format", FORMATS)
def test_the_file_holds_the_catalog(account, tmp_path, format):
    path = tmp_path / "out"
    path.write_text("what was there before")

    said = run(path, format.value)

    assert said == f"2 variants in {path}\n"
    assert path.read_bytes() == exported(account, format)
    assert list(tmp_path.iterdir()) == [path]


def test_what_does_not_fit_leaves_the_file_as_it_was(account, tmp_path):
    import_rows(account, ["SKU", "Description"], [["A", "x" * 40_000]])
    path = tmp_path / "out.xlsx"
    path.write_text("what was there before")

    with pytest.raises(CommandError, match=r"Cell D2 would have 40,000 characters.*CSV"):
        run(path, "xlsx")

    assert path.read_text() == "what was there before"
    assert list(tmp_path.iterdir()) == [path]


def test_an_unknown_account_is_named_with_those_there_are(account, tmp_path):
    with pytest.raises(CommandError, match=r'No account has the slug "demmo"\. Known: demo\.'):
        run(tmp_path / "out", account="demmo")


def test_a_place_that_cannot_be_written_is_named(account, tmp_path):
    with pytest.raises(CommandError, match=r"Cannot write .*/out: No such file or directory\."):
        run(tmp_path / "missing" / "out")


def test_a_workbook_opens(account, tmp_path):
    run(tmp_path / "out.xlsx", "xlsx")

    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx").active
    assert (sheet.title, sheet["C2"].value, sheet["O2"].value) == ("Catalog", "A", True)
