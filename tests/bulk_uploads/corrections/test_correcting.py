"""A correction file sent again: a child upload whose good rows close the parent's issues."""

import pytest

from bulk_uploads.corrections.settled import open_failed_rows, resolution, settlings
from bulk_uploads.models import RowCorrection, RowIssue, RowOrigin
from tests.bulk_uploads.corrections.spreadsheets import (
    corrected_csv,
    csv_table,
    downloaded,
    sent_again,
)
from tests.factories.accounts import AccountFactory
from tests.imports import catalog_of, counts, import_rows, issues, messages, outcomes

pytestmark = pytest.mark.django_db

HEADER = ["SKU", "Product Name", "Price", "Tags"]


@pytest.fixture
def account():
    return AccountFactory.create()


def rows(count, *, bad=()):
    return [
        [f"FAN-{n:04}", f"Fan {n // 3}", "cheap" if n in bad else f"{100 + n}.50", "Cool#;New"]
        for n in range(count)
    ]


def cured(cells):
    number = int(cells["SKU"].removeprefix("FAN-"))
    cells["Price"] = f"{100 + number}.50"


def resolved(upload):
    found = RowIssue.objects.filter(upload=upload).annotate(by=resolution(upload))
    return dict(found.order_by("row").values_list("row", "by"))


def test_the_file_holds_the_failed_rows_alone_with_what_is_wrong_and_where_from(account):
    upload = import_rows(account, HEADER, rows(6, bad={1, 4}))

    header, *found = csv_table(downloaded(upload))

    assert header[:5] == [*HEADER, "Errors"]
    assert header[5].startswith("Original row [correction ")
    assert [row[:4] + row[5:] for row in found] == [
        ["FAN-0001", "Fan 0", "cheap", "Cool#;New", "3"],
        ["FAN-0004", "Fan 1", "cheap", "Cool#;New", "6"],
    ]
    assert [row[4] for row in found] == [f"Price: {text}" for text in messages(upload)]


def test_twenty_bad_rows_of_a_thousand_corrected_leave_what_a_right_file_would_have(account):
    control = AccountFactory.create()
    import_rows(control, HEADER, rows(1000))
    bad = set(range(7, 1000, 50))
    upload = import_rows(account, HEADER, rows(1000, bad=bad))
    assert (len(bad), counts(upload)) == (20, {"created": 980, "failed": 20})

    child = sent_again(account, corrected_csv(downloaded(upload), cured))

    assert counts(child) == {"created": 20}
    assert (child.parent_id, child.relation, child.root_id) == (upload.pk, "correction", upload.pk)
    assert issues(child) == []
    assert open_failed_rows(upload, most=100) == []
    assert [(made.by, made.rows) for made in settlings(upload)] == [(child, 20)]
    assert set(resolved(upload).values()) == {child.pk}
    ours, theirs = catalog_of(account), catalog_of(control)
    for catalog in (ours, theirs):
        # Which upload wrote a row is all that may differ.
        del catalog["changes"]
        for variant in catalog["variants"]:
            del variant["created_by"]
        catalog["products"] = [(*p[:5], *p[6:]) for p in catalog["products"]]
    assert ours == theirs


def test_what_is_still_wrong_stays_open_and_is_in_the_next_correction_file(account):
    upload = import_rows(account, HEADER, rows(6, bad={1, 4, 5}))

    def half(cells):
        cured(cells) if cells["SKU"] != "FAN-0004" else cells.update(Price="dear")

    first = sent_again(account, corrected_csv(downloaded(upload), half))

    assert counts(first) == {"created": 2, "failed": 1}
    assert resolved(upload) == {3: first.pk, 6: None, 7: first.pk}
    assert issues(first) == [(3, "Price", "dear", "invalid_number")]
    assert resolved(first) == {3: None}
    _, *found = csv_table(downloaded(first))
    assert [(row[0], row[2], row[5]) for row in found] == [("FAN-0004", "dear", "6")]

    second = sent_again(account, corrected_csv(downloaded(first), cured))

    assert (second.parent_id, second.root_id) == (first.pk, upload.pk)
    assert resolved(upload) == {3: first.pk, 6: second.pk, 7: first.pk}
    assert resolved(first) == {3: second.pk}
    assert upload.failed_rows == 3
    upload.refresh_from_db()
    assert (upload.status, upload.failed_rows) == ("success", 3)


def test_a_row_corrected_from_the_first_file_is_corrected_in_all_of_its_line(account):
    upload = import_rows(account, HEADER, rows(3, bad={1}))
    early = downloaded(upload)
    first = sent_again(account, early)
    assert counts(first) == {"failed": 1}

    second = sent_again(account, corrected_csv(early, cured))

    assert resolved(first) == {2: second.pk}
    assert resolved(upload) == {3: second.pk}


def test_options_and_processor_are_the_parents_and_only_a_dry_run_is_asked_anew(account):
    upload = import_rows(
        account,
        ["Code", "Product Name", "Price"],
        [["A", "Fan", "1,5"], ["B", "Fan", "dear"]],
        mapping={"Code": "sku"},
        decimal_comma=True,
    )
    content = corrected_csv(downloaded(upload), lambda cells: cells.update(Price="2,5"))

    checked = sent_again(
        account,
        content,
        processor_name="file_content_echo_processor",
        dry_run=True,
    )

    assert counts(checked) == {"created": 1}
    assert checked.processor_name == upload.processor_name
    assert checked.options == {
        "mapping": {"Code": "sku"},
        "decimal_comma": True,
        "dry_run": True,
    }
    assert resolved(upload) == {3: None}
    assert not RowCorrection.objects.exists()

    real = sent_again(account, content, update_existing=False)

    assert real.options == {"mapping": {"Code": "sku"}, "decimal_comma": True}
    assert resolved(upload) == {3: real.pk}


def test_a_token_of_another_account_is_refused_as_unknown_and_its_columns_are_plain(account):
    upload = import_rows(account, HEADER, rows(3, bad={1}))
    stranger = AccountFactory.create()

    sent = sent_again(stranger, corrected_csv(downloaded(upload), cured))

    assert (sent.parent_id, sent.relation, sent.root_id) == (None, "", None)
    assert counts(sent) == {"created": 1}
    assert [code for _, _, _, code in issues(sent)].count("unknown_correction_token") == 1
    assert sent.header[-2] == "Errors"
    assert resolved(upload) == {3: None}
    assert not RowCorrection.objects.exists()
    assert not RowOrigin.objects.exists()


@pytest.mark.parametrize("tampered", ["id", "signature"])
def test_a_token_that_was_tampered_with_is_unknown(account, tampered):
    upload = import_rows(account, HEADER, rows(3, bad={1}))
    content = downloaded(upload).decode("utf-8-sig")
    start = content.index("[correction ") + len("[correction ")
    at = start if tampered == "id" else start + 40
    other = "0" if content[at] != "0" else "1"
    content = content[:at] + other + content[at + 1 :]

    sent = sent_again(account, content.encode())

    assert sent.parent_id is None
    assert "unknown_correction_token" in [code for *_, code in issues(sent)]
    assert resolved(upload) == {3: None}


def test_formulas_leave_as_text_and_come_back_as_they_were(account):
    header = ["SKU", "Product Name", "Price", "=Evil"]
    bad = [["=1+1", "@SUM(A1)", "dear", "'quoted"], ["+cmd|x", "-2+3", "-5", "\tx"]]
    upload = import_rows(account, header, bad)
    content = downloaded(upload)

    names, *found = csv_table(content)
    assert names[3] == "'=Evil"
    assert [row[:4] for row in found] == [
        ["'=1+1", "'@SUM(A1)", "dear", "''quoted"],
        ["'+cmd|x", "'-2+3", "-5", "'\tx"],
    ]

    child = sent_again(account, corrected_csv(content, lambda cells: cells.update(Price="5")))

    assert child.header == header
    assert outcomes(child) == {2: "created", 3: "created"}
    assert [variant["sku"] for variant in catalog_of(account)["variants"]] == ["+cmd|x", "=1+1"]
    assert [product[1] for product in catalog_of(account)["products"]] == ["-2+3", "@SUM(A1)"]


def test_a_file_saved_with_another_delimiter_without_the_errors_and_with_a_row_more(account):
    upload = import_rows(account, HEADER, rows(4, bad={1, 2}))
    header, *found = csv_table(downloaded(upload))
    for row in found:
        row[2] = "9.00"
    found.append(["FAN-NEW", "Fan New", "1.00", "", "", ""])
    order = [5, 2, 1, 0, 3]
    lines = [";".join(f'"{row[at]}"' for at in order) for row in [header, *found]]

    child = sent_again(account, "\n".join(lines).encode("utf-16"))

    assert child.header == ["Price", "Product Name", "SKU", "Tags"]
    assert outcomes(child) == {2: "created", 3: "created", 4: "created"}
    assert resolved(upload) == {3: child.pk, 4: child.pk}
    origins = RowOrigin.objects.filter(upload=child).order_by("row")
    assert list(origins.values_list("row", "root_row")) == [(2, 3), (3, 4), (4, 0)]


def test_the_same_correction_sent_twice_changes_nothing_more(account):
    upload = import_rows(account, HEADER, rows(4, bad={1, 2}))
    content = corrected_csv(downloaded(upload), cured)
    first = sent_again(account, content)
    before = catalog_of(account)

    second = sent_again(account, content)

    assert counts(second) == {"unchanged": 2}
    assert resolved(upload) == {3: first.pk, 4: first.pk}
    assert catalog_of(account) == before


def test_a_key_that_another_row_of_the_line_holds_stays_refused(account):
    upload = import_rows(
        account,
        ["SKU", "Product Name", "Price"],
        [["A", "Fan", "1"], ["A", "Fan", "2"], ["B", "Fan", "dear"]],
    )
    assert outcomes(upload) == {2: "created", 3: "failed", 4: "failed"}

    def cure(cells):
        cells["Price"] = "3"

    child = sent_again(account, corrected_csv(downloaded(upload), cure))

    assert outcomes(child) == {2: "failed", 3: "created"}
    assert messages(child) == [
        f"Row 2 of upload {upload.pk}, which this one goes on with, already has 'A'. Keep one of "
        "the two rows."
    ]
    assert {v["sku"]: str(v["price"]) for v in catalog_of(account)["variants"]} == {
        "A": "1.0000",
        "B": "3.0000",
    }


def test_the_first_accepted_row_of_the_parent_still_decides_the_product(account):
    header = ["SKU", "Product Name", "Price", "Tags"]
    upload = import_rows(account, header, [["A", "Fan", "1", "Red"], ["B", "Fan", "dear", "Blue"]])

    child = sent_again(
        account, corrected_csv(downloaded(upload), lambda cells: cells.update(Price="2"))
    )

    assert outcomes(child) == {2: "created"}
    assert messages(child) == [
        f"Row 2 says 'Blue', but row 2 of upload {upload.pk} is the first of this product and "
        f"says 'Red': row 2 of upload {upload.pk} decides."
    ]
    (product,) = catalog_of(account)["products"]
    assert product[3] == ["Red"]


@pytest.mark.parametrize("batch_rows", [1, 3, 2000])
def test_batches_of_any_size_leave_the_same(account, batch_rows):
    upload = import_rows(account, HEADER, rows(12, bad={1, 2, 5, 9, 10}))

    def some(cells):
        if cells["SKU"] != "FAN-0005":
            cured(cells)

    child = sent_again(account, corrected_csv(downloaded(upload), some), batch_rows=batch_rows)

    assert outcomes(child) == {
        2: "created",
        3: "created",
        4: "failed",
        5: "created",
        6: "created",
    }
    assert resolved(upload) == {3: child.pk, 4: child.pk, 7: None, 11: child.pk, 12: child.pk}
