"""The table of roles, and how permission checks are answered from it."""

import pytest
from django.contrib.auth.models import AnonymousUser, Group, Permission

from accounts.access import account_ids, accounts_for, may
from accounts.models import Account
from accounts.ownership import account_id_of, account_path
from accounts.roles import ROLE_PERMISSIONS, Role, roles_with
from catalog.models import Category, TableEntryDefinition
from tests.factories.accounts import (
    AccountFactory,
    ApiTokenFactory,
    MembershipFactory,
    UserFactory,
)
from tests.factories.catalog import CategoryFactory


def test_every_role_has_a_line_in_the_table():
    assert set(ROLE_PERMISSIONS) == set(Role)


@pytest.mark.django_db
def test_every_permission_in_the_table_exists():
    known = {
        f"{app}.{codename}"
        for app, codename in Permission.objects.values_list("content_type__app_label", "codename")
    }

    named = frozenset().union(*ROLE_PERMISSIONS.values())
    assert named - known == set()


def test_a_manager_may_do_whatever_the_others_may():
    for role in Role:
        assert ROLE_PERMISSIONS[role] <= ROLE_PERMISSIONS[Role.MANAGER]


def test_no_role_manages_people_or_makes_accounts():
    for given in ROLE_PERMISSIONS.values():
        assert not any(permission.endswith("_user") for permission in given)
        assert given.isdisjoint({"accounts.add_account", "accounts.delete_account"})


def test_a_reviewer_changes_nothing_of_the_catalog():
    given = ROLE_PERMISSIONS[Role.REVIEWER]
    assert {
        permission
        for permission in given
        if not permission.partition(".")[2].startswith("view_")
        and not permission.startswith("imagery.")
    } == set()


@pytest.mark.parametrize(
    ("permission", "roles"),
    [
        ("bulk_uploads.add_bulkupload", {Role.MERCHANDISER, Role.MANAGER}),
        ("catalog.view_product", {Role.MERCHANDISER, Role.REVIEWER, Role.MANAGER}),
        ("catalog.change_variant", {Role.MERCHANDISER, Role.MANAGER}),
        ("catalog.delete_variant", {Role.MANAGER}),
        ("accounts.add_apitoken", {Role.MANAGER}),
        ("accounts.delete_apitoken", set()),
        ("accounts.add_user", set()),
    ],
)
def test_who_may_do_what(permission, roles):
    assert roles_with(permission) == roles


def test_without_an_object_any_membership_counts(person, ours, theirs):
    MembershipFactory.create(user=person, account=ours, role=Role.REVIEWER)
    assert not person.has_perm("catalog.delete_product")

    MembershipFactory.create(user=person, account=theirs, role=Role.MANAGER)
    again = type(person).objects.get(pk=person.pk)
    assert again.has_perm("catalog.delete_product")
    assert again.has_perms(["catalog.view_product", "accounts.add_apitoken"])
    assert again.has_module_perms("catalog")
    assert not again.has_module_perms("django_q")


def test_with_an_object_only_the_role_in_its_account_counts(person, ours, theirs):
    MembershipFactory.create(user=person, account=ours, role=Role.REVIEWER)
    MembershipFactory.create(user=person, account=theirs, role=Role.MANAGER)

    assert not person.has_perm("catalog.delete_category", CategoryFactory.create(account=ours))
    assert person.has_perm("catalog.delete_category", CategoryFactory.create(account=theirs))
    assert person.has_perm("catalog.view_category", CategoryFactory.create(account=ours))
    assert not person.has_perm("catalog.view_category", CategoryFactory.create())
    assert person.get_all_permissions(ours) == ROLE_PERMISSIONS[Role.REVIEWER]
    assert person.get_all_permissions(AccountFactory.create()) == set()


def test_an_object_of_no_account_is_refused(person, ours):
    MembershipFactory.create(user=person, account=ours, role=Role.MANAGER)

    assert not person.has_perm("catalog.view_product", Group())


def test_djangos_groups_and_own_permissions_are_not_consulted(person):
    permission = Permission.objects.get(codename="delete_product")
    group = Group.objects.create(name="Everything")
    group.permissions.add(permission)
    person.groups.add(group)
    person.user_permissions.add(permission)

    assert not person.has_perm("catalog.delete_product")


def test_an_inactive_person_has_no_permission(ours):
    gone = UserFactory.create(is_active=False)
    MembershipFactory.create(user=gone, account=ours, role=Role.MANAGER)

    assert not gone.has_perm("catalog.view_product")
    assert gone.get_all_permissions() == set()
    assert not accounts_for(gone).exists()
    assert not may(gone, "catalog.view_product", account_id=ours.pk)


def test_an_inactive_superuser_has_no_permission(ours):
    gone = UserFactory.create(is_active=False, is_superuser=True)

    assert not accounts_for(gone).exists()
    assert not may(gone, "catalog.view_product", account_id=ours.pk)


def test_accounts_are_those_where_the_role_gives_the_permission(person, ours, theirs):
    AccountFactory.create()
    MembershipFactory.create(user=person, account=ours, role=Role.REVIEWER)
    MembershipFactory.create(user=person, account=theirs, role=Role.MANAGER)

    assert set(accounts_for(person)) == {ours, theirs}
    assert set(accounts_for(person, "catalog.change_product")) == {theirs}
    assert set(accounts_for(person, "accounts.add_user")) == set()
    assert account_ids(person, "catalog.view_product", "catalog.change_product") == {
        ours.pk,
        theirs.pk,
    }


def test_a_superuser_has_all_accounts_and_nobody_has_none(ours, theirs):
    assert set(accounts_for(UserFactory.create(is_superuser=True))) == {ours, theirs}
    assert not accounts_for(AnonymousUser()).exists()


def test_roles_are_asked_for_once(person, ours, django_assert_num_queries):
    MembershipFactory.create(user=person, account=ours, role=Role.MANAGER)

    with django_assert_num_queries(1):
        for _ in range(3):
            assert person.has_perm("catalog.view_product")
            assert may(person, "catalog.view_product", account_id=ours.pk)


def test_the_account_of_an_object_is_found_through_its_relations(ours):
    category = CategoryFactory.create(account=ours)

    assert account_id_of(ours) == ours.pk
    assert account_id_of(category) == ours.pk
    assert account_id_of(ApiTokenFactory.create(account=ours)) == ours.pk
    assert account_id_of(Category(parent=category), "parent__account") == ours.pk
    assert account_id_of(Category(), "parent__account") is None
    assert account_id_of(Category()) is None


def test_people_and_shared_rows_have_no_one_account(person, ours):
    MembershipFactory.create(user=person, account=ours)

    assert account_id_of(person) is None
    assert account_path(Group) is None
    assert account_path(Account) == "pk"
    assert account_path(TableEntryDefinition) is None
