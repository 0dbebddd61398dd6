"""What a person sees when a page is not there, not theirs, or broken: what to do next."""

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from tests.factories.accounts import AccountFactory
from tests.signing_in import client_as


@pytest.mark.django_db
def test_an_address_of_nothing_says_so(client):
    answer = client.get("/nowhere")

    assert answer.status_code == 404
    assert "There is nothing here" in answer.content.decode()


@pytest.mark.django_db
def test_a_page_the_role_does_not_allow_says_whom_to_ask():
    answer = client_as(Role.REVIEWER, AccountFactory()).get(
        reverse("admin:bulk_uploads_bulkupload_changelist")
    )

    assert answer.status_code == 403
    assert "A manager of the account can change your role" in answer.content.decode()


@pytest.mark.django_db
def test_a_form_without_its_token_says_to_reload():
    answer = Client(enforce_csrf_checks=True).post(reverse("admin:login"))

    assert answer.status_code == 403
    assert "This page has become too old" in answer.content.decode()


def test_the_page_for_our_own_failures_needs_nothing_that_may_have_failed():
    assert "Something went wrong on our side" in render_to_string("500.html")
