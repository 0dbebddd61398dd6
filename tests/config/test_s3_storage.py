"""Files in S3, where STORAGE_URL says so: written, found, read and removed as on a disk."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage


def test_files_lie_in_the_bucket_under_their_names(s3_bucket):
    name = default_storage.save("one/private/a.txt", ContentFile(b"first"))
    other = default_storage.save("one/private/a.txt", ContentFile(b"second"))

    assert name == "one/private/a.txt"
    assert s3_bucket.keys() == sorted([name, other])
    assert s3_bucket.content(name) == b"first"
    with default_storage.open(other) as file:
        assert file.read() == b"second"
    assert default_storage.size(name) == 5


def test_what_is_deleted_is_gone_and_may_be_deleted_again(s3_bucket):
    name = default_storage.save("one/public/a.txt", ContentFile(b"first"))

    default_storage.delete(name)
    default_storage.delete(name)

    assert not default_storage.exists(name)
    assert s3_bucket.keys() == []


def test_a_missing_file_is_missing_as_on_a_disk(s3_bucket):
    with pytest.raises(FileNotFoundError):
        default_storage.open("one/public/none.txt")


def test_an_address_of_the_bucket_is_signed(s3_bucket):
    """What is public we hand out ourselves; the bucket itself is nobody's to read."""
    name = default_storage.save("one/private/a.txt", ContentFile(b"first"))

    assert "Signature=" in default_storage.url(name)
