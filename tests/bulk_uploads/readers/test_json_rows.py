"""JSON becomes a table: its keys the header, each object a row, whatever stands around them."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bulk_uploads.readers import DefectCode, ReadLimits, UnreadableCode, UnreadableFile

from .reading import cells_of, opened, rows_of

ROWS = [{"sku": "A1", "name": "Fan"}, {"sku": "A2", "price": "5.50"}, {"name": "Lamp", "sku": "A3"}]
TABLE = [["A1", "Fan", ""], ["A2", "", "5.50"], ["A3", "Lamp", ""]]


def lines(rows: list[dict[str, str]], end: str = "\n") -> str:
    return end.join(json.dumps(row) for row in rows)


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(ROWS),
        json.dumps(ROWS, indent=2),
        json.dumps({"data": ROWS}),
        json.dumps({"status": "success", "data": ROWS, "meta": {"page": 1}}, indent=1),
        json.dumps({"meta": {"data": [1]}, "data": ROWS}),
        lines(ROWS),
        lines(ROWS, "\r\n") + "\r\n",
        "\n" + lines(ROWS, "\n\n \n") + "\n\n",
        "\n".join(json.dumps(row, indent=2) for row in ROWS),
        lines(ROWS, ""),
        "  " + json.dumps(ROWS) + " \n ",
    ],
)
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be"])
def test_arrays_envelopes_and_lines_are_the_same_table(text, codec):
    source = opened(text.encode(codec))
    assert (source.header.number, source.header.cells) == (1, ["sku", "name", "price"])
    assert [(row.number, row.cells) for row in source] == [
        (number, cells) for number, cells in enumerate(TABLE, 2)
    ]


def test_the_format_is_told_for_the_upload_page():
    assert opened(b'\xef\xbb\xbf[{"sku": "1"}]').format.as_extradata() == {
        "format": "json",
        "encoding": "utf-8",
        "byte_order_mark": "true",
    }


@pytest.mark.parametrize("text", ['{"sku": "A1"}', '{"status": "success", "data": {"sku": "A1"}}'])
def test_one_object_is_one_row(text):
    assert cells_of(text.encode()) == [["A1"]]


def test_data_that_is_no_table_is_a_column():
    source = opened(b'{"sku": "A1", "data": [ "x", "y"]}')
    assert source.header.cells == ["sku", "data"]
    assert [row.cells for row in source] == [["A1", "x#;y"]]


def test_numbers_keep_the_digits_they_are_written_with():
    numbers = ["0", "-0", "1.10", "1e5", "1E400", "8901030865278", "123456789012345678901234567890"]
    data = "[" + ",".join(f'{{"n": {number}}}' for number in numbers) + "]"
    assert cells_of(data.encode()) == [[number] for number in numbers]


def test_a_number_may_be_as_long_as_a_cell():
    limits = ReadLimits(max_rows=10, max_columns=10, max_cell_chars=6_000)
    fine, long = rows_of(b'[{"n": %s}, {"n": %s}]' % (b"9" * 6_000, b"9" * 6_001), limits=limits)
    assert (fine.cells, fine.defects) == (["9" * 6_000], [])
    assert [(d.code, d.column) for d in long.defects] == [(DefectCode.CELL_TOO_LONG, 1)]


def test_truth_values_are_upper_case_words_and_null_is_blank():
    data = b'[{"a": true, "b": false, "c": null}, {"a": null, "b": "x", "c": true}]'
    assert cells_of(data) == [["TRUE", "FALSE", ""], ["", "x", "TRUE"]]


def test_blank_objects_are_skipped_and_counted_and_keep_their_number():
    source = opened(b'[{"sku": "1"}, {}, {"sku": " "}, {"sku": null}, {"sku": "2"}]')
    assert [(row.number, row.cells) for row in source] == [(2, ["1"]), (6, ["2"])]
    assert source.blank_rows == 3


@pytest.mark.parametrize("text", ["[]", "[ ]", "{}", '{"data": []}', "[{}]", "[{}, {}]"])
def test_a_file_without_any_key_has_no_header(text):
    with pytest.raises(UnreadableFile, match="no object with any key") as refused:
        opened(text.encode())
    assert refused.value.code == UnreadableCode.NO_HEADER


@pytest.mark.parametrize("constant", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_is_a_defect_of_its_row_only(constant):
    bad, fine = rows_of(b'[{"sku": "1", "n": %s}, {"sku": "2", "n": 5}]' % constant.encode())
    assert [(d.code, d.column, d.value) for d in bad.defects] == [
        (DefectCode.NOT_A_NUMBER, 2, constant)
    ]
    assert (fine.cells, fine.defects) == (["2", "5"], [])


def test_a_key_that_comes_twice_is_a_defect_of_its_row_only():
    bad, fine = rows_of(b'[{"sku": "1", "n": 1, "n": 2}, {"n": 3, "sku": "2"}]')
    assert [(d.code, d.column, d.value) for d in bad.defects] == [
        (DefectCode.DUPLICATE_KEY, 2, "2")
    ]
    assert bad.defects[0].message == "The key “n” comes twice in this object. Keep one of them."
    assert (fine.cells, fine.defects) == (["2", "3"], [])


@pytest.mark.parametrize(
    ("item", "shown"),
    [("1", "1"), ('"text"', "text"), ("null", ""), ("true", "TRUE"), ('["1"]', "[1]")],
)
def test_a_row_that_is_no_object_is_a_defect(item, shown):
    first, bad, last = rows_of(f'[{{"sku": "1"}}, {item}, {{"sku": "2"}}]'.encode())
    assert [(d.code, d.column, d.value) for d in bad.defects] == [
        (DefectCode.NOT_AN_OBJECT, None, shown)
    ]
    assert bad.cells == [""]
    assert [(row.number, row.cells) for row in (first, last)] == [(2, ["1"]), (4, ["2"])]


@pytest.mark.parametrize(
    "line",
    ['{"sku": "2", "n": }', '{"sku": "2"', "nonsense", '{"sku": "2"} {"sku": "3"}', '{"sku": 1,}'],
)
def test_a_broken_line_is_a_defect_that_names_the_line(line):
    data = f'{{"sku": "1"}}\n{{"sku": "x"}}\n\n{line}\n{{"sku": "4"}}\n'
    first, _, bad, last = rows_of(data.encode())
    assert [(d.code, d.column, d.value) for d in bad.defects] == [
        (DefectCode.INVALID_JSON, None, line)
    ]
    assert bad.defects[0].message.startswith("Line 4 is not valid JSON: ")
    assert [(row.number, row.cells) for row in (first, last)] == [(2, ["1"]), (5, ["4"])]


def test_a_broken_line_says_its_place_once():
    _, cut, escape = rows_of(b'{"sku": "1"}\n{"sku": "2\n{"sku": "\\x"}\n')

    assert [bad.defects[0].message for bad in (cut, escape)] == [
        "Line 2 is not valid JSON: Unterminated string at character 9.",
        "Line 3 is not valid JSON: Invalid \\escape at character 10.",
    ]


def test_lines_that_are_all_broken_say_what_is_wrong_with_the_first():
    with pytest.raises(UnreadableFile) as refused:
        opened(b'{"sku": "1"}{"sku": "2"}\n{"sku": "3"}{"sku": "4"}\n')

    assert refused.value.code == UnreadableCode.INVALID_JSON
    assert refused.value.message.endswith("Line 1 is not valid JSON: Extra data at character 13.")


def test_a_first_line_that_is_broken_is_one_too():
    bad, fine = rows_of(b'{"sku": NULL}\n{"sku": "2"}\n')
    assert [d.code for d in bad.defects] == [DefectCode.INVALID_JSON]
    assert (fine.number, fine.cells) == (3, ["2"])


@pytest.mark.parametrize(
    ("text", "what", "where"),
    [
        ('[{"sku": "1"}, {"sku": ]', "Expecting value", "line 1, character 24"),
        ('[{"sku": "1"}\n{"sku": "2"}]', "Expecting ',' or ']'", "line 2, character 1"),
        ('[{"sku": "1"},\n {"sku" "2"}]', "Expecting ':' delimiter", "line 2, character 9"),
        ('[{"sku": "1"}] x', "There is more text after the end", "line 1, character 16"),
        ('[{"sku": "1"}', "The text ends in the middle", "line 1, character 14"),
        ('[{"sku": "1"}, {"sku": ', "The text ends in the middle", "line 1, character 24"),
        ('[{"sku": "1"}, {"sku": "2', "Unterminated string (", "line 1, character 24"),
        ('{"data": [{"sku": "1"}]', "The text ends in the middle", "line 1, character 24"),
        ('{"data": [{"sku": "1"}], x}', "Expecting property name", "line 1, character 26"),
        ('{"sku": "1", "data": ', "The text ends in the middle", "line 1, character 22"),
        ('{"sku"', "The text ends in the middle", "line 1, character 7"),
    ],
)
def test_broken_json_is_unreadable_and_the_place_is_named(text, what, where):
    with pytest.raises(UnreadableFile) as refused:
        list(opened(text.encode()))
    assert refused.value.code == UnreadableCode.INVALID_JSON
    assert refused.value.message.startswith(f"The file is not valid JSON: {what}")
    assert refused.value.message.endswith(f"({where}).")


def test_the_place_is_named_also_far_down_in_the_file():
    good = "".join(f'{{"sku": "A{number}"}},\n' for number in range(50_000))
    with pytest.raises(UnreadableFile, match=r"\(line 50,001, character 9\)"):
        opened(f'[{good}{{"sku": oops}}]'.encode())


def nested(depth: int) -> str:
    return f'{{"sku": "1", "n": {"[" * depth}{"]" * depth}}}'


def test_deep_nesting_is_a_defect_of_its_row_only():
    deep, fine = rows_of(f'[{nested(200)}, {{"sku": "2"}}]'.encode())
    assert [d.code for d in deep.defects] == [DefectCode.NESTED_VALUE]
    assert fine.defects == []


def test_nesting_that_no_parser_follows_is_refused_or_a_broken_line():
    with pytest.raises(UnreadableFile, match="nested too deeply") as refused:
        opened(f"[{nested(100_000)}]".encode())
    assert refused.value.code == UnreadableCode.INVALID_JSON
    deep, fine = rows_of(f'{nested(100_000)}\n{{"sku": "2"}}'.encode())
    assert [d.code for d in deep.defects] == [DefectCode.INVALID_JSON]
    assert (fine.cells, fine.defects) == (["2"], [])


def test_lone_surrogates_and_bytes_that_are_no_text_are_defects_of_their_rows():
    data = b'[{"sku": "a\\ud800"}, {"sku": "\\ud83c\\udf00"}, {"sku": "b\xff"}, {"sku": "\\u0000"}]'
    data = data.replace(b"\xff", "äöüß".encode() + b"\xff")
    lone, pair, stray, nul = rows_of(data)
    assert [d.code for d in lone.defects] == [DefectCode.INVALID_ENCODING]
    assert (pair.cells, pair.defects) == (["🌀"], [])
    assert [d.code for d in stray.defects] == [DefectCode.INVALID_ENCODING]
    assert [d.code for d in nul.defects] == [DefectCode.NUL_BYTE]


def test_a_damaged_key_is_a_damaged_header():
    with pytest.raises(UnreadableFile, match="row 1, column 2") as refused:
        opened(b'[{"sku": "1", "na\\u0001me": "2"}]')
    assert refused.value.code == UnreadableCode.BAD_HEADER


def test_limits_hold_for_json():
    small = ReadLimits(max_rows=2, max_columns=3, max_cell_chars=100)
    with pytest.raises(UnreadableFile, match="names 4 columns; at most 3") as refused:
        opened(b'[{"a": 1, "b": 2}, {"c": 3, "d": 4}]', limits=small)
    assert refused.value.code == UnreadableCode.TOO_MANY_COLUMNS
    with pytest.raises(UnreadableFile, match="more than 2 rows") as refused:
        rows_of(b'[{"a": 1}, {"a": 2}, {}, {"a": 3}]', limits=small)
    assert refused.value.code == UnreadableCode.TOO_MANY_ROWS


JSON_TEXT = st.text(st.characters(exclude_categories=("Cc", "Cs"), include_characters="\t\n"))
OBJECTS = st.lists(
    st.dictionaries(
        st.sampled_from(["sku", "name", "price", "Größe", "a\\b", 'q"q']),
        JSON_TEXT | st.booleans() | st.none() | st.integers(),
        min_size=1,
    ),
    min_size=1,
    max_size=8,
)


def text_of(value: object) -> str:
    if value is None:
        return ""
    return str(value).upper() if isinstance(value, bool) else str(value)


@settings(deadline=None)
@given(
    objects=OBJECTS,
    ascii_only=st.booleans(),
    form=st.sampled_from(["array", "indented", "data", "lines"]),
    codec=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_objects_come_back_from_any_form(objects, ascii_only, form, codec):
    def dump(value: object, indent: int | None = None) -> str:
        return json.dumps(value, ensure_ascii=ascii_only, indent=indent)

    text = {
        "array": dump(objects),
        "indented": dump(objects, 2),
        "data": dump({"data": objects}),
        "lines": "\n".join(map(dump, objects)),
    }[form]
    keys = list(dict.fromkeys(key for made in objects for key in made))
    table = [(n, [text_of(made.get(key)) for key in keys]) for n, made in enumerate(objects, 2)]
    source = opened(text.encode(codec))
    assert source.header.cells == keys
    assert [(row.number, row.cells) for row in source] == [
        (number, cells) for number, cells in table if "".join(cells).strip()
    ]
