"""The queue's pages show the work of every account, hence only superusers see them."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django_q.models import OrmQ

from jobs import clock
from tests.factories.accounts import UserFactory
from tests.factories.jobs import FollowUpFactory

pytestmark = pytest.mark.django_db
PAGES = (
    "admin:jobs_followup_changelist",
    "admin:django_q_success_changelist",
    "admin:django_q_failure_changelist",
    "admin:django_q_ormq_changelist",
)


@pytest.mark.parametrize("page", PAGES)
def test_superusers_see_the_queue(client, page):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))

    assert client.get(reverse(page)).status_code == 200


@pytest.mark.parametrize("page", PAGES)
def test_staff_do_not_whatever_permissions_they_hold(client, page):
    staff = UserFactory(is_staff=True)
    staff.user_permissions.set(
        Permission.objects.filter(content_type__app_label__in=("jobs", "django_q"))
    )
    client.force_login(staff)

    assert client.get(reverse(page)).status_code == 403
    index = client.get(reverse("admin:index")).content.decode()
    assert reverse(page) not in index


def test_nobody_makes_or_changes_rows_of_the_queue_by_hand(client):
    follow_up = FollowUpFactory()
    client.force_login(UserFactory(is_staff=True, is_superuser=True))

    assert client.get(reverse("admin:jobs_followup_add")).status_code == 403
    change = reverse("admin:jobs_followup_change", args=(follow_up.pk,))
    assert client.post(change, {"kind": "other"}).status_code == 403
    follow_up.refresh_from_db()
    assert follow_up.kind == "test.nothing"


def test_what_was_given_up_can_be_run_again(client, django_capture_on_commit_callbacks):
    given_up = FollowUpFactory(run_after=None, failed_at=clock.now(), attempts=8, error="no")
    finished = FollowUpFactory(run_after=None, finished_at=clock.now())
    client.force_login(UserFactory(is_staff=True, is_superuser=True))

    with django_capture_on_commit_callbacks(execute=True):
        client.post(
            reverse("admin:jobs_followup_changelist"),
            {"action": "run_again", "_selected_action": [given_up.pk, finished.pk]},
        )

    given_up.refresh_from_db()
    finished.refresh_from_db()
    assert (given_up.failed_at, given_up.attempts) == (None, 0)
    assert given_up.dispatched_at is not None
    assert finished.run_after is None
    assert OrmQ.objects.count() == 1
