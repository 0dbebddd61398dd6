"""Who signs in to the demo: found again as they are, and told by mail like anybody."""

import pytest
from django.core import mail

from bulk_uploads.ending import tell_of_end
from config import demo
from jobs.models import FollowUp
from notices.mailing import mail_notice
from tests.factories.bulk_uploads import BulkUploadFactory

pytestmark = pytest.mark.django_db


def test_the_admin_gets_mail_of_how_an_upload_ended(tmp_path):
    shown = demo.prepare(data_dir=tmp_path)
    upload = BulkUploadFactory.create(
        succeeded=True, account=shown.account, created_by=shown.user, total_rows=1, created_rows=1
    )

    tell_of_end(upload)
    mail_notice(FollowUp.objects.get(kind="notices.mail"))

    assert [sent.to for sent in mail.outbox] == [["admin@localhost"]]


def test_an_admin_who_has_another_address_keeps_it(tmp_path):
    user = demo.prepare(data_dir=tmp_path).user
    user.email = "me@example.com"
    user.save()

    assert demo.prepare(data_dir=tmp_path).user.email == "me@example.com"
