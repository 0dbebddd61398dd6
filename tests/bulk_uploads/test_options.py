"""Options are checked where an upload is created, every problem at once."""

import pytest

from bulk_uploads.errors import InvalidOptions
from bulk_uploads.options import clean_options
from bulk_uploads.processors import processor_named
from tests.imports import CATALOG

ECHO = "file_content_echo_processor"


def errors(given: dict[str, object], processor: str = CATALOG) -> dict[str, list[str]]:
    with pytest.raises(InvalidOptions) as caught:
        clean_options(processor=processor_named(processor), given=given)
    return caught.value.errors


def test_options_of_every_kind_are_taken_as_they_were_given():
    given = {
        "dry_run": True,
        "update_existing": False,
        "on_error": "abort",
        "blank_cells": "clear",
        "decimal_comma": True,
        "absent": "deactivate",
        "absent_share": 100,
        "mapping": {"Prix": "price", "Titre": "Variant #; title"},
        "sheet": "März",
    }

    assert clean_options(processor=processor_named(CATALOG), given=given) == given


@pytest.mark.parametrize("given", [None, {}])
def test_no_options_are_fine(given):
    assert clean_options(processor=processor_named(CATALOG), given=given) == {}


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("dry_run", "true", "must be true or false."),
        ("dry_run", 1, "must be true or false."),
        ("update_existing", None, "must be true or false."),
        ("decimal_comma", "yes", "must be true or false."),
        ("on_error", "stop", "must be one of: skip_rows, abort."),
        ("on_error", ["abort"], "must be one of: skip_rows, abort."),
        ("blank_cells", True, "must be one of: keep, clear."),
        ("sheet", " ", "must be the name of one of the workbook's sheets."),
        ("sheet", 1, "must be the name of one of the workbook's sheets."),
        ("sheet", "x" * 256, "has more than 255 characters."),
        ("absent", "remove", "must be one of: keep, deactivate."),
        ("absent_share", True, "must be a whole number from 0 to 100, in percent."),
        ("absent_share", 101, "must be a whole number from 0 to 100, in percent."),
        ("absent_share", "20", "must be a whole number from 0 to 100, in percent."),
        ("mapping", {}, "must be an object of file columns and the fields they become."),
        ("mapping", [["a", "b"]], "must be an object of file columns and the fields they become."),
        ("mapping", {"Prix": 5}, "must name a field for each column, as text."),
        ("mapping", {"Prix": ["price"]}, "must name a field for each column, as text."),
        (
            "mapping",
            {"a": "sku", "b": "SKU"},
            "The mapping sends columns 'a' and 'b' to one field: sku. Keep one of them.",
        ),
        (
            "mapping",
            {str(n): f"Variant #; {n}" for n in range(1_001)},
            "has more than 1000 columns.",
        ),
    ],
)
def test_a_wrong_value_is_refused_with_what_was_expected(name, value, problem):
    assert errors({name: value}) == {name: [problem]}


def test_an_option_that_the_processor_does_not_have_is_refused_with_those_it_has():
    assert errors({"recipe": "white"}) == {
        "recipe": [
            "is not an option of catalog_csv_upload_processor. Its options are: absent, "
            "absent_share, blank_cells, decimal_comma, dry_run, layout, mapping, on_error, sheet, "
            "update_existing."
        ]
    }
    assert list(errors({"on_error": "abort"}, ECHO)) == ["on_error"]


def test_every_problem_is_said_at_once():
    assert sorted(errors({"dry_run": "no", "on_error": "x", "zzz": 1})) == [
        "dry_run",
        "on_error",
        "zzz",
    ]
