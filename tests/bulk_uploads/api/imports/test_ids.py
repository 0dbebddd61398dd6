"""An import's id and its upload's UUID are one number in two spellings."""

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulk_uploads.api.import_ids import import_id, upload_id_of


@given(st.uuids())
def test_an_id_names_its_upload_again(upload_id):
    text = import_id(upload_id)

    assert len(text) == 30
    assert upload_id_of(text) == upload_id
    assert upload_id_of(text.lower()) == upload_id


@pytest.mark.parametrize(
    ("upload_id", "text"),
    [
        (uuid.UUID(int=0), "imp_00000000000000000000000000"),
        (uuid.UUID(int=31), "imp_0000000000000000000000000Z"),
        (uuid.UUID(int=2**128 - 1), "imp_7ZZZZZZZZZZZZZZZZZZZZZZZZZ"),
        # The pair that the ULID specification's own implementation gives.
        (uuid.UUID("01563e3a-b5d3-d676-4c61-efb99302bd5b"), "imp_01ARZ3NDEKTSV4RRFFQ69G5FAV"),
    ],
)
def test_ids_are_ulids(upload_id, text):
    assert import_id(upload_id) == text
    assert upload_id_of(text) == upload_id


@pytest.mark.parametrize(
    "text",
    [
        "",
        "imp_",
        "01ARZ3NDEKTSV4RRFFQ69G5FAV",
        "imp_01ARZ3NDEKTSV4RRFFQ69G5FA",
        "imp_01ARZ3NDEKTSV4RRFFQ69G5FAVV",
        "imp_01ARZ3NDEKTSV4RRFFQ69G5FAI",
        "imp_81ARZ3NDEKTSV4RRFFQ69G5FAV",
        "imp_01ARZ3NDEKTSV4RRFFQ69G5FA\u0661",
        "imp_01ARZ3NDEKTSV4RRFFQ69G5F-V",
        "607d0489-117c-4fdf-90f1-b517725e989a",
    ],
    ids=repr,
)
def test_other_text_names_no_upload(text):
    assert upload_id_of(text) is None
