"""The pages of accounts, members, API tokens and people, for each role."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Account, ApiToken, Membership, User
from accounts.roles import Role
from accounts.tokens import find_token
from tests.factories.accounts import (
    ApiTokenFactory,
    MembershipFactory,
    UserFactory,
)

MODELS = ("account", "membership", "apitoken", "user")


def url(model, page="changelist", *args):
    return reverse(f"admin:accounts_{model}_{page}", args=args)


def rows_of(response):
    assert response.status_code == 200
    return set(response.context["cl"].result_list)


@pytest.fixture
def manager(sign_in, ours) -> Client:
    return sign_in(Role.MANAGER, ours)


# Who may open what


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("role", [Role.MERCHANDISER, Role.REVIEWER])
def test_only_managers_open_the_settings_of_an_account(sign_in, ours, model, role):
    client = sign_in(role, ours)

    assert client.get(url(model)).status_code == 403
    assert client.get(url(model, "add")).status_code == 403


@pytest.mark.parametrize(("model", "status"), list(zip(MODELS, (200, 200, 200, 403), strict=True)))
def test_a_manager_opens_all_settings_but_people(manager, model, status):
    assert manager.get(url(model)).status_code == status


@pytest.mark.parametrize(("model", "status"), list(zip(MODELS, (403, 200, 200, 403), strict=True)))
def test_a_manager_adds_members_and_tokens_but_no_accounts_or_people(manager, model, status):
    assert manager.get(url(model, "add")).status_code == status


@pytest.mark.parametrize("page", ["changelist", "add"])
@pytest.mark.parametrize("model", MODELS)
def test_a_superuser_opens_everything(superuser, model, page):
    assert superuser.get(url(model, page)).status_code == 200


@pytest.mark.parametrize("model", MODELS)
def test_who_is_not_staff_is_sent_to_sign_in(sign_in, person, ours, model):
    client = sign_in(Role.MANAGER, ours)
    User.objects.filter(pk=person.pk).update(is_staff=False)

    response = client.get(url(model))

    assert response.status_code == 302
    assert response["Location"].startswith(reverse("admin:login"))


def test_djangos_groups_have_no_page(superuser):
    assert superuser.get("/admin/auth/group/").status_code == 404


def test_somebody_signs_in_with_their_password(person, ours):
    MembershipFactory.create(user=person, account=ours)
    client = Client()
    login = reverse("admin:login")

    wrong = client.post(login, {"username": "anna", "password": "wrong"})
    right = client.post(login, {"username": "anna", "password": "correct horse", "next": "/admin/"})

    assert wrong.status_code == 200
    assert right.status_code == 302
    assert client.get(url("account")).status_code == 200


# Accounts


def test_a_manager_sees_the_own_account_alone(manager, ours, theirs):
    assert rows_of(manager.get(url("account"))) == {ours}
    assert manager.get(url("account", "change", theirs.pk)).status_code == 302


def test_a_manager_names_the_account_but_leaves_its_slug(manager, ours):
    response = manager.post(
        url("account", "change", ours.pk), {"name": "New name", "slug": "taken", "currency": "EUR"}
    )

    assert response.status_code == 302
    ours.refresh_from_db()
    assert (ours.name, ours.slug, ours.currency) == ("New name", "ours", "EUR")


def test_a_manager_cannot_delete_the_account(manager, ours):
    assert manager.post(url("account", "delete", ours.pk), {"post": "yes"}).status_code == 403
    assert Account.objects.filter(pk=ours.pk).exists()


def test_another_account_is_not_changed(manager, theirs):
    response = manager.post(
        url("account", "change", theirs.pk), {"name": "Mine", "currency": "INR"}
    )

    assert response.status_code == 302
    theirs.refresh_from_db()
    assert theirs.name == "Their Lamps"


def test_a_currency_that_is_no_code_is_a_form_error(superuser):
    response = superuser.post(url("account", "add"), {"name": "X", "slug": "x", "currency": "inr"})

    assert response.status_code == 200
    assert "currency" in response.context["adminform"].form.errors
    assert not Account.objects.filter(slug="x").exists()


# Members


def test_a_manager_sees_the_members_of_the_own_account(manager, person, theirs):
    MembershipFactory.create(account=theirs, user__username="zoe")

    response = manager.get(url("membership"))

    assert {member.user for member in rows_of(response)} == {person}
    assert "zoe" not in response.content.decode()


def test_a_manager_adds_a_person_by_username(manager, ours):
    zoe = UserFactory.create(username="zoe")

    response = manager.post(url("membership", "add"), {"username": "zoe", "role": "reviewer"})

    assert response.status_code == 302
    member = Membership.objects.get(user=zoe)
    assert (member.account, member.role) == (ours, "reviewer")


def test_the_form_does_not_list_the_people_of_other_accounts(manager, theirs):
    MembershipFactory.create(account=theirs, user__username="zoe")

    assert "zoe" not in manager.get(url("membership", "add")).content.decode()


@pytest.mark.parametrize("username", ["nobody", "gone", "outside", ""])
def test_who_cannot_sign_in_is_a_form_error(manager, username):
    UserFactory.create(username="gone", is_active=False)
    UserFactory.create(username="outside", is_staff=False)

    response = manager.post(url("membership", "add"), {"username": username, "role": "reviewer"})

    assert "username" in response.context["adminform"].form.errors
    assert Membership.objects.count() == 1


def test_adding_a_member_twice_is_a_form_error(manager):
    response = manager.post(url("membership", "add"), {"username": "anna", "role": "reviewer"})

    assert response.context["adminform"].form.non_field_errors() == [
        "This person is already a member of the account."
    ]
    assert Membership.objects.count() == 1


def test_a_member_cannot_be_added_to_another_account(manager, theirs):
    UserFactory.create(username="zoe")

    manager.post(
        url("membership", "add"), {"username": "zoe", "role": "manager", "account": theirs.pk}
    )

    assert not Membership.objects.filter(account=theirs).exists()


def test_a_role_can_be_changed_but_not_the_person(manager, ours):
    member = MembershipFactory.create(account=ours, user__username="zoe", role=Role.REVIEWER)
    other = UserFactory.create()

    manager.post(url("membership", "change", member.pk), {"role": "merchandiser", "user": other.pk})

    member.refresh_from_db()
    assert (member.role, member.user.username) == ("merchandiser", "zoe")


def test_who_may_not_open_people_is_not_sent_to_them(manager, ours):
    member = MembershipFactory.create(account=ours, user__username="zoe", role=Role.REVIEWER)
    token = ApiTokenFactory.create(account=ours, created_by=member.user)

    for page in (url("membership", "change", member.pk), url("apitoken", "change", token.pk)):
        shown = manager.get(page).content.decode()
        assert "zoe" in shown
        assert url("user", "change", member.user.pk) not in shown


def test_times_read_as_everywhere_else(manager, ours):
    used = datetime(2026, 3, 9, 15, 4, tzinfo=UTC)
    token = ApiTokenFactory.create(account=ours, last_used_at=used)

    for page in (url("apitoken"), url("apitoken", "change", token.pk)):
        assert "9 Mar 2026, 15:04" in manager.get(page).content.decode()


def test_a_list_is_named_by_what_it_lists(manager):
    assert manager.get(url("apitoken")).context["title"] == "API tokens"


def test_a_member_of_another_account_is_out_of_reach(manager, theirs):
    member = MembershipFactory.create(account=theirs, role=Role.REVIEWER)

    changed = manager.post(url("membership", "change", member.pk), {"role": "manager"})
    deleted = manager.post(url("membership", "delete", member.pk), {"post": "yes"})

    assert (changed.status_code, deleted.status_code) == (302, 302)
    member.refresh_from_db()
    assert member.role == "reviewer"


def test_a_list_is_not_filtered_by_what_no_database_holds(manager, person):
    page = url("membership")

    assert manager.get(f"{page}?role__exact=%00")["Location"] == f"{page}?e=1"
    assert len(rows_of(manager.get(f"{page}?q=%00"))) == 1


@pytest.mark.parametrize("query", ["account", "id__in"])
def test_a_list_filtered_by_a_number_larger_than_any_key_is_no_crash(manager, person, query):
    page = url("membership")

    answer = manager.get(page, {query: "9" * 30}, follow=True)

    assert answer.status_code == 200


def test_the_queries_of_the_members_list_do_not_grow(manager, ours, django_assert_max_num_queries):
    MembershipFactory.create_batch(15, account=ours)

    # session, person, roles, two counts, the rows, choices of the account filter
    with django_assert_max_num_queries(8):
        assert len(rows_of(manager.get(url("membership")))) == 16


# API tokens


def issue(client, **fields):
    return client.post(
        url("apitoken", "add"),
        {"name": "ERP", "scopes": ["uploads", "read"], "expires_at_0": "", "expires_at_1": ""}
        | fields,
    )


def secret_of(response):
    found = re.search(r"ct_[0-9a-f]{12}_[A-Za-z0-9_-]{43}", response.content.decode())
    assert found is not None
    return found[0]


def test_a_token_that_has_expired_already_is_not_made(manager, ours):
    response = issue(manager, expires_at_0="2020-01-01", expires_at_1="00:00")

    assert response.context["adminform"].form.errors == {
        "expires_at": ["This is past already. Choose a later moment, or none."]
    }
    assert not ApiToken.objects.exists()


def test_a_new_token_is_shown_once(manager, person, ours):
    response = issue(manager)

    token = find_token(secret_of(response))
    assert token == ApiToken.objects.get()
    assert (token.account, token.created_by, token.scopes) == (ours, person, ["read", "uploads"])
    assert "no-store" in response["Cache-Control"]


def test_no_later_page_holds_the_secret_or_its_hash(manager):
    raw = secret_of(issue(manager))
    token = ApiToken.objects.get()

    for page in (
        url("apitoken"),
        url("apitoken", "change", token.pk),
        url("apitoken", "history", token.pk),
        reverse("admin:index"),
    ):
        text = manager.get(page).content.decode()
        assert raw not in text
        assert token.digest not in text
    assert not any(raw in str(entry) for entry in LogEntry.objects.values_list())
    assert raw not in str(dict(manager.session.items()))


def test_the_scope_that_opens_nothing_yet_says_so(manager):
    page = manager.get(url("apitoken", "add")).content.decode()

    assert "Change products and variants (reserved: the API cannot do this yet)" in page


@pytest.mark.parametrize("fields", [{"scopes": []}, {"scopes": ["all"]}, {"name": ""}])
def test_a_token_without_name_or_known_scope_is_a_form_error(manager, fields):
    response = issue(manager, **fields)

    assert response.context["adminform"].form.errors
    assert ApiToken.objects.count() == 0


def test_a_token_cannot_be_issued_for_another_account(manager, ours, theirs):
    issue(manager, account=theirs.pk)

    assert ApiToken.objects.get().account == ours


def test_an_issued_token_can_only_be_renamed(manager, ours):
    token = ApiTokenFactory.create(account=ours, scopes=["read"])

    manager.post(
        url("apitoken", "change", token.pk),
        {
            "name": "Renamed",
            "scopes": ["read", "uploads"],
            "digest": "0" * 64,
            "prefix": "x",
            "expires_at_0": "2099-01-01",
            "expires_at_1": "00:00",
        },
    )

    after = ApiToken.objects.get()
    assert after.name == "Renamed"
    assert (after.scopes, after.digest, after.prefix, after.expires_at) == (
        ["read"],
        token.digest,
        token.prefix,
        None,
    )


def test_a_manager_sees_the_tokens_of_the_own_account(manager, ours, theirs):
    token = ApiTokenFactory.create(account=ours)
    foreign = ApiTokenFactory.create(account=theirs, name="Foreign")

    assert rows_of(manager.get(url("apitoken"))) == {token}
    assert manager.get(url("apitoken", "change", foreign.pk)).status_code == 302


def test_the_list_tells_the_state_of_each_token(manager, ours):
    ApiTokenFactory.create(account=ours)
    ApiTokenFactory.create(account=ours, revoked=True)
    ApiTokenFactory.create(account=ours, expires_at=timezone.now() - timedelta(days=1))

    text = manager.get(url("apitoken")).content.decode()

    assert all(state in text for state in ("Active", "Revoked", "Expired"))


def revoke_url(token):
    return reverse("admin:accounts_apitoken_revoke", args=[token.pk])


def test_revoking_asks_first_and_then_revokes(manager, ours):
    token = ApiTokenFactory.create(account=ours, name="ERP")
    assert revoke_url(token) in manager.get(url("apitoken", "change", token.pk)).content.decode()

    asked = manager.get(revoke_url(token))
    assert asked.status_code == 200
    assert find_token(token.raw) == token

    done = manager.post(revoke_url(token), follow=True)
    assert "ERP is revoked." in done.content.decode()
    assert find_token(token.raw) is None
    assert LogEntry.objects.get().get_change_message() == "Revoked."
    assert revoke_url(token) not in done.content.decode()


def test_revoking_again_changes_nothing(manager, ours):
    token = ApiTokenFactory.create(account=ours, revoked=True)

    response = manager.post(revoke_url(token), follow=True)

    assert "had been revoked before" in response.content.decode()
    assert ApiToken.objects.get().revoked_at == token.revoked_at


def test_revoking_needs_a_csrf_token(person, ours):
    MembershipFactory.create(user=person, account=ours, role=Role.MANAGER)
    token = ApiTokenFactory.create(account=ours)
    client = Client(enforce_csrf_checks=True)
    client.force_login(person)

    assert client.post(revoke_url(token)).status_code == 403
    assert find_token(token.raw) == token


def test_a_token_of_another_account_is_not_revoked(manager, theirs):
    token = ApiTokenFactory.create(account=theirs)

    assert manager.get(revoke_url(token)).status_code == 403
    assert manager.post(revoke_url(token)).status_code == 403
    assert find_token(token.raw) == token


def test_nobody_deletes_a_token(manager, superuser, ours):
    token = ApiTokenFactory.create(account=ours, revoked=True)

    for client in (manager, superuser):
        page = client.get(url("apitoken", "change", token.pk)).content.decode()
        assert url("apitoken", "delete", token.pk) not in page
        assert client.post(url("apitoken", "delete", token.pk), {"post": "yes"}).status_code == 403
        chosen = {"action": "delete_selected", "_selected_action": token.pk, "post": "yes"}
        client.post(url("apitoken"), chosen)
    assert ApiToken.objects.get() == token


@pytest.mark.parametrize("role", [Role.MERCHANDISER, Role.REVIEWER])
def test_other_roles_do_not_revoke(sign_in, ours, role):
    token = ApiTokenFactory.create(account=ours)

    assert sign_in(role, ours).post(revoke_url(token)).status_code == 403
    assert find_token(token.raw) == token


# People


def test_a_new_person_may_sign_in_unless_the_tick_is_taken_away(superuser):
    form = superuser.get(url("user", "add")).context["adminform"].form

    assert form["is_staff"].initial is True


def test_a_superuser_makes_a_person_with_a_role(superuser, ours):
    response = superuser.post(
        url("user", "add"),
        {
            "username": "zoe",
            "password1": "battery staple 9",
            "password2": "battery staple 9",
            "is_staff": "on",
            "memberships-TOTAL_FORMS": "0",
            "memberships-INITIAL_FORMS": "0",
        },
    )
    assert response.status_code == 302
    zoe = User.objects.get(username="zoe")
    assert zoe.check_password("battery staple 9")

    superuser.post(
        url("user", "change", zoe.pk),
        {
            "username": "zoe",
            "is_active": "on",
            "is_staff": "on",
            "memberships-TOTAL_FORMS": "1",
            "memberships-INITIAL_FORMS": "0",
            "memberships-0-account": ours.pk,
            "memberships-0-role": "reviewer",
        },
    )

    assert Membership.objects.get(user=zoe).role == "reviewer"


def test_a_manager_cannot_change_people(manager, person):
    page = url("user", "change", person.pk)

    assert manager.get(page).status_code == 403
    assert manager.post(page, {"username": "x", "is_superuser": "on"}).status_code == 403
    password = reverse("admin:auth_user_password_change", args=[person.pk])
    assert manager.get(password).status_code == 403
    person.refresh_from_db()
    assert not person.is_superuser
