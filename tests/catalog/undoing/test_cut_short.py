"""An upload that is cut short settles what its applied rows left; undo takes those back too."""

import pytest

from bulk_uploads import services, tasks
from bulk_uploads.models import BulkUpload, Phase
from catalog.models import Departure, Product
from tests.imports import csv_bytes, draft, import_rows, run_to_end
from tests.undos import counts, undo

pytestmark = pytest.mark.django_db

HEADER = ["SKU", "Product Name"]
BEFORE = [["A", "Lamp"], ["B", "Chair"], ["C", "Table"]]
#: The first leaves its product empty, the second renames its, the third is never applied.
AFTER = [["A", "Chair"], ["C", "Desk"], ["B", "Armchair"]]


@pytest.fixture
def upload(account, settings) -> BulkUpload:
    """Two of its three rows are applied."""
    import_rows(account, HEADER, BEFORE)
    upload = draft(account, csv_bytes(HEADER, AFTER))
    settings.UPLOAD_SLICE_SECONDS = 0
    for _ in range(2):
        tasks.run_slice(upload.pk, batch_rows=1)
    settings.UPLOAD_SLICE_SECONDS = 60
    return upload


def products(account):
    return sorted(Product.objects.filter(account=account).values_list("id", "key"))


@pytest.mark.parametrize("way", ["cancelled", "stuck"])
def test_emptied_products_are_settled_and_come_back_with_the_undo(account, upload, way):
    then = {key: pk for pk, key in products(account)}
    if way == "cancelled":
        services.cancel_upload(upload=upload)
    else:
        BulkUpload.objects.filter(pk=upload.pk).update(attempts=tasks.MOST_ATTEMPTS)

    upload = run_to_end(upload)

    assert (upload.output["code"], upload.phase) == (way, Phase.APPLYING)
    # The lamp is no more; the table, whose only variant is called a desk now, keeps its id.
    assert products(account) == sorted([(then["Chair"], "Chair"), (then["Table"], "Desk")])
    assert not Departure.objects.exists()

    assert counts(undo(upload)) == {"restored": 4}

    assert products(account) == sorted((then[key], key) for key in ("Lamp", "Chair", "Table"))
