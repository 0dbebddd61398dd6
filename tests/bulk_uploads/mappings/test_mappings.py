"""Saving, changing and deleting mappings."""

import pytest

from bulk_uploads.errors import InvalidMapping, MappingInUse, MappingNameTaken
from bulk_uploads.mappings import change_mapping, delete_mapping, save_mapping
from bulk_uploads.models import BulkUpload, SavedMapping
from bulk_uploads.processors import processor_named
from tests.factories.accounts import AccountFactory
from tests.factories.bulk_uploads import BulkUploadFactory, SavedMappingFactory
from tests.imports import CATALOG

pytestmark = pytest.mark.django_db


@pytest.fixture
def account():
    return AccountFactory()


def save(account, **given):
    values = {"name": "M", "mapping": {"Artikel": "sku"}, **given}
    return save_mapping(account=account, processor=processor_named(CATALOG), **values)


def test_a_mapping_is_saved_in_plain_form(account):
    saved = save(
        account,
        name="  Müller   GmbH ",
        mapping={" Artikel ": " sku ", "Lager": None},
        header=["Artikel", "Lager"],
    )

    assert (saved.name, saved.mapping) == ("Müller GmbH", {"Artikel": "sku", "Lager": ""})
    assert saved.header == ["Artikel", "Lager"]
    assert saved.processor_name == CATALOG


@pytest.mark.parametrize(
    ("given", "attribute"),
    [
        ({"name": " "}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"mapping": {}}, "mapping"),
        ({"mapping": {"Artikel": "no such"}}, "mapping"),
        ({"mapping": {"a": "sku", "b": "sku"}}, "mapping"),
    ],
    ids=str,
)
def test_what_is_wrong_is_refused_and_nothing_is_saved(account, given, attribute):
    with pytest.raises(InvalidMapping) as caught:
        save(account, **given)

    assert caught.value.attribute_name == attribute
    assert SavedMapping.objects.count() == 0


def test_a_name_that_is_taken_is_replaced_only_if_told_so(account):
    first = save(account)
    with pytest.raises(MappingNameTaken):
        save(account, name="m", mapping={"Nr": "sku"})
    assert SavedMapping.objects.get().mapping == {"Artikel": "sku"}

    replaced = save(account, name="m", mapping={"Nr": "sku"}, replace=True)

    assert replaced.pk == first.pk
    assert SavedMapping.objects.get().mapping == {"Nr": "sku"}


def test_a_mapping_of_other_files_is_never_replaced(account):
    SavedMappingFactory(account=account, name="M", processor_name="other_processor")

    with pytest.raises(MappingNameTaken):
        save(account, replace=True)

    assert SavedMapping.objects.get().processor_name == "other_processor"


def test_a_change_keeps_to_names_that_are_free(account):
    save(account, name="Taken")
    saved = save(account)
    processor = processor_named(CATALOG)

    with pytest.raises(MappingNameTaken):
        change_mapping(saved=saved, name="taken", processor=processor, mapping={"Nr": "sku"})
    change_mapping(saved=saved, name="m", processor=processor, mapping={"Nr": "sku"})

    saved.refresh_from_db()
    assert (saved.name, saved.mapping) == ("m", {"Nr": "sku"})


def test_a_mapping_in_use_is_not_deleted(account):
    saved = save(account)
    upload = BulkUploadFactory(account=account, saved_mapping=saved)

    with pytest.raises(MappingInUse):
        delete_mapping(saved=saved)

    assert BulkUpload.objects.get(pk=upload.pk).saved_mapping == saved


def test_a_mapping_whose_uploads_have_ended_is_deleted_and_they_stay(account):
    saved = save(account)
    upload = BulkUploadFactory(account=account, saved_mapping=saved, failed=True)

    delete_mapping(saved=saved)

    assert BulkUpload.objects.get(pk=upload.pk).saved_mapping is None
