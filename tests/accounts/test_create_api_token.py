"""The command that prints a token."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import ApiToken
from accounts.scopes import Scope
from accounts.tokens import find_token
from tests.factories.accounts import AccountFactory

pytestmark = pytest.mark.django_db


def run(*arguments):
    out, err = StringIO(), StringIO()
    call_command("create_api_token", *arguments, stdout=out, stderr=err)
    assert err.getvalue() == ""
    return out.getvalue()


def test_the_token_stands_alone_on_standard_output():
    account = AccountFactory.create(slug="demo")

    printed = run("--account", "demo")

    [line] = printed.splitlines()
    token = find_token(line)
    assert token is not None
    assert token.account == account
    assert token.scopes == list(Scope.values)
    assert token.name == "Command line"


@pytest.mark.parametrize(
    "scopes", [["uploads", "read"], ["uploads,read"], ["read,", "uploads"], ["read, uploads"]]
)
def test_scopes_and_name_can_be_given(scopes):
    AccountFactory.create(slug="demo")

    run("--account", "demo", "--scopes", *scopes, "--name", "ERP")

    token = ApiToken.objects.get()
    assert (token.scopes, token.name) == (["read", "uploads"], "ERP")


def test_an_unknown_account_is_named_with_those_there_are():
    AccountFactory.create(slug="demo")

    with pytest.raises(CommandError, match=r'No account has the slug "demmo". Known: demo.'):
        run("--account", "demmo")
    assert ApiToken.objects.count() == 0


def test_without_any_account_it_says_so():
    with pytest.raises(CommandError, match="There is no account yet"):
        run("--account", "demo")


def test_an_unknown_scope_is_named_with_those_there_are():
    AccountFactory.create(slug="demo")

    with pytest.raises(CommandError, match=r"Unknown scope: write. Known scopes: read, uploads"):
        run("--account", "demo", "--scopes", "read", "write")
    assert ApiToken.objects.count() == 0


@pytest.mark.parametrize(("option", "field"), [("--scopes", "scopes"), ("--name", "name")])
def test_what_is_left_empty_is_named(option, field):
    AccountFactory.create(slug="demo")

    with pytest.raises(CommandError, match=rf"^{field}: This field cannot be blank\.$"):
        run("--account", "demo", option, "")
    assert ApiToken.objects.count() == 0
