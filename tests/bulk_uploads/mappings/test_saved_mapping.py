"""Saved mappings: one of a name in an account, whatever its spelling."""

import pytest
from django.db import IntegrityError, transaction

from bulk_uploads.models import BulkUpload, SavedMapping
from tests.factories.accounts import AccountFactory
from tests.factories.bulk_uploads import BulkUploadFactory, SavedMappingFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "spelling", ["Élan GmbH", "élan gmbh", "  ÉLAN   GMBH ", "E\u0301lan GmbH"], ids=ascii
)
def test_a_name_is_taken_once_in_an_account_whatever_its_spelling(spelling):
    taken = SavedMappingFactory(name="Élan GmbH")

    with pytest.raises(IntegrityError), transaction.atomic():
        SavedMappingFactory(account=taken.account, name=spelling)

    assert SavedMapping.objects.for_account(taken.account_id).count() == 1
    assert SavedMapping.objects.named(spelling).get() == taken


def test_another_account_may_use_the_name_too():
    SavedMappingFactory(name="Havells")

    SavedMappingFactory(account=AccountFactory(), name="Havells")

    assert SavedMapping.objects.count() == 2


def test_a_name_that_grows_when_its_case_is_folded_still_fits():
    assert SavedMappingFactory(name="ΐ" * 100).pk


def test_an_upload_outlives_the_mapping_it_was_given_with():
    mapping = SavedMappingFactory()
    upload = BulkUploadFactory(account=mapping.account, saved_mapping=mapping)

    mapping.delete()

    assert BulkUpload.objects.get(pk=upload.pk).saved_mapping is None
