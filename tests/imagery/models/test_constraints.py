"""What the database itself refuses about wants, calls, jobs and images."""

import pytest
from django.db import IntegrityError, transaction

from imagery.models import CallWant, Decision, GeneratedImage, ImageJob, JobState, Want
from jobs import clock
from tests.factories.imagery import (
    GeneratedImageFactory,
    ImageJobFactory,
    ProviderCallFactory,
    WantFactory,
)

pytestmark = pytest.mark.django_db


def test_a_want_exists_once_in_an_account():
    want = WantFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        WantFactory(account=want.account, step=want.step, hash=want.hash)
    WantFactory(hash=want.hash)
    assert Want.objects.count() == 2


def test_two_open_calls_never_serve_one_want():
    want = WantFactory()
    first, second = ProviderCallFactory.create_batch(2, account=want.account)
    link = CallWant.objects.create(call=first, want=want, position=0)
    with pytest.raises(IntegrityError), transaction.atomic():
        CallWant.objects.create(call=second, want=want, position=0)
    CallWant.objects.filter(pk=link.pk).update(is_open=False)
    CallWant.objects.create(call=second, want=want, position=0)


def test_one_image_is_current_in_a_role_of_a_sku():
    current = GeneratedImageFactory(decision=Decision.APPROVED)
    with pytest.raises(IntegrityError), transaction.atomic():
        GeneratedImageFactory(account=current.account, decision=Decision.APPROVED)
    GeneratedImageFactory(account=current.account, decision=Decision.SUPERSEDED)
    GeneratedImageFactory(account=current.account, role="lifestyle", decision=Decision.APPROVED)
    GeneratedImageFactory(decision=Decision.APPROVED)


@pytest.mark.parametrize("wrong", [{"is_placeholder": True}, {"role": ""}])
def test_neither_a_placeholder_nor_a_picture_made_on_the_way_is_approved(wrong):
    image = GeneratedImageFactory(**wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        GeneratedImage.objects.filter(pk=image.pk).update(decision=Decision.APPROVED)


def test_a_job_that_ended_is_due_no_more():
    job = ImageJobFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        ImageJob.objects.filter(pk=job.pk).update(state=JobState.DELIVERED, ended_at=clock.now())
    ImageJob.objects.filter(pk=job.pk).update(
        state=JobState.DELIVERED, ended_at=clock.now(), run_after=None
    )


@pytest.mark.parametrize("named", [{"sku": "", "product_key": ""}, {"product_key": "MUG"}])
def test_a_job_is_for_a_sku_or_for_a_product(named):
    with pytest.raises(IntegrityError), transaction.atomic():
        ImageJobFactory(**named)
