"""Other people's workbooks, read where they lie; without them there is nothing to read."""

from pathlib import Path

import pytest
from django.conf import settings

from bulk_uploads.readers import ReadHints, open_reader

from .reading import LIMITS

FILES = Path(settings.BASE_DIR).parent / "shared" / "data" / "real"
pytestmark = pytest.mark.skipif(not FILES.is_dir(), reason="the reference files are not here")


def test_a_bagisto_export_is_read_whole():
    with (FILES / "bagisto_products.xlsx").open("rb") as stream:
        source = open_reader(stream, name="bagisto", limits=LIMITS, hints=ReadHints())
        rows = list(source)
    assert source.header.cells[:5] == [
        "sku",
        "parent_sku",
        "locale",
        "attribute_family_code",
        "type",
    ]
    assert len(source.header.cells) == 39
    assert [row.number for row in rows] == list(range(2, 28))
    assert rows[0].cells[0] == "SP-001"
    assert [row.defects for row in rows] == [[]] * 26
    assert source.blank_rows == 0


def test_an_unopim_export_is_read_whole():
    with (FILES / "unopim_1k_products.xlsx").open("rb") as stream:
        source = open_reader(stream, name="unopim", limits=LIMITS, hints=ReadHints())
        rows = list(source)
    assert len(source.header.cells) == 17
    assert len(rows) == 1_000
    assert rows[0].cells[:3] == ["default", "en_US", "101"]
    assert rows[-1].number == 1_001
    assert sum(len(row.defects) for row in rows) == 0
