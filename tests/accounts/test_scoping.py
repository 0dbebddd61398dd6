"""What staff of one account can see and touch of another's through any edge of the admin: nothing.

The pages under test are those of `scoped_site`, which do no more than name the mixin.
"""

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.test import RequestFactory
from django.urls import reverse
from pytest_django import Settings
from unfold.admin import ModelAdmin, TabularInline

from accounts.models import Membership
from accounts.roles import Role
from accounts.scoping import AccountScopedAdmin
from accounts.sites import AccountAdminSite
from catalog.models import Category, Product, TableEntryDefinition, Tag, Variant
from tests.accounts.scoped_site import site
from tests.factories.accounts import MembershipFactory
from tests.factories.catalog import CategoryFactory, ProductFactory, TagFactory

NO_INLINES = {
    "children-TOTAL_FORMS": "0",
    "children-INITIAL_FORMS": "0",
}
NOT_IN_LIST = "That choice is not one of the available choices"
OTHER_ACCOUNT = "This belongs to another account"


@pytest.fixture(autouse=True)
def _site(settings: Settings) -> None:
    settings.ROOT_URLCONF = "tests.accounts.scoped_site"


@pytest.fixture
def our_fans(ours) -> Category:
    return CategoryFactory.create(account=ours, path="OurFans")


@pytest.fixture
def their_lamps(theirs) -> Category:
    return CategoryFactory.create(account=theirs, path="TheirLamps")


def url(page, *args, model="category"):
    return reverse(f"scoped:catalog_{model}_{page}", args=args)


def text_of(response):
    assert response.status_code == 200
    return response.content.decode()


def errors_of(response):
    assert response.status_code == 200
    return dict(response.context["adminform"].form.errors)


def choices_of(response, field):
    return {str(row) for row in response.context["adminform"].form.fields[field].queryset}


def new_category(**fields):
    return {"name": "New", "path": "New", "parent": "", **NO_INLINES} | fields


# Rows


def test_a_list_shows_only_rows_of_the_persons_accounts(sign_in, ours, our_fans, their_lamps):
    text = text_of(sign_in(Role.MERCHANDISER, ours).get(url("changelist")))

    assert "OurFans" in text
    assert "TheirLamps" not in text
    assert "Their Lamps" not in text


def test_somebody_without_a_role_may_not_open_a_list(sign_in, our_fans):
    assert sign_in().get(url("changelist")).status_code == 403


def test_an_inactive_person_is_sent_to_sign_in(sign_in, person, ours, our_fans):
    client = sign_in(Role.MANAGER, ours)
    person.is_active = False
    person.save()

    assert client.get(url("changelist")).status_code == 302


def test_a_superuser_sees_the_rows_of_all_accounts(superuser, our_fans, their_lamps):
    text = text_of(superuser.get(url("changelist")))

    assert "OurFans" in text
    assert "TheirLamps" in text


@pytest.mark.parametrize("page", ["change", "delete", "history"])
@pytest.mark.parametrize("popup", ["", "?_popup=1", "?_to_field=id&_popup=1"])
def test_a_page_of_another_accounts_row_is_as_if_it_did_not_exist(
    sign_in, ours, their_lamps, page, popup
):
    response = sign_in(Role.MANAGER, ours).get(url(page, their_lamps.pk) + popup)

    assert response.status_code == 302
    assert "TheirLamps" not in response.content.decode()


@pytest.mark.parametrize(
    ("page", "data"), [("change", new_category()), ("delete", {"post": "yes"})]
)
def test_posting_to_another_accounts_row_changes_nothing(sign_in, ours, their_lamps, page, data):
    response = sign_in(Role.MANAGER, ours).post(url(page, their_lamps.pk), data)

    assert response.status_code == 302
    their_lamps.refresh_from_db()
    assert their_lamps.name == "TheirLamps"


def test_rows_are_found_through_the_path_to_their_account(sign_in, ours, theirs):
    for account, sku in ((ours, "OUR-1"), (theirs, "THEIR-1")):
        Variant.objects.bulk_create(
            [_variant(ProductFactory.create(account=account), sku)],
        )

    response = sign_in(Role.MERCHANDISER, ours).get(url("changelist", model="variant"))

    assert [row.sku for row in response.context["cl"].result_list] == ["OUR-1"]


def _variant(product, sku):
    return Variant(
        account=product.account,
        product=product,
        sku=sku,
        created_at=product.created_at,
        updated_at=product.updated_at,
    )


def test_the_number_of_queries_of_a_list_does_not_grow(
    sign_in, ours, django_assert_max_num_queries
):
    client = sign_in(Role.MANAGER, ours)
    for n in range(30):
        CategoryFactory.create(account=ours, path=f"Fan{n:02}")

    # session, person, roles, two counts, the rows, and the choices of account and parent (twice)
    with django_assert_max_num_queries(10):
        text = text_of(client.get(url("changelist")))
    assert "Fan29" in text


# Different roles in different accounts


@pytest.fixture
def manager_and_reviewer(sign_in, ours, theirs):
    """Manages our account, only reviews theirs."""
    return sign_in(Role.MANAGER, ours, Role.REVIEWER, theirs)


def test_a_row_is_shown_under_the_role_of_its_account(manager_and_reviewer, our_fans, their_lamps):
    ours = manager_and_reviewer.get(url("change", our_fans.pk))
    theirs = manager_and_reviewer.get(url("change", their_lamps.pk))

    assert ours.context["has_change_permission"] is True
    assert ours.context["has_delete_permission"] is True
    assert theirs.context["has_view_permission"] is True
    assert theirs.context["has_change_permission"] is False
    assert theirs.context["has_delete_permission"] is False


@pytest.mark.parametrize(
    ("page", "data"), [("change", new_category()), ("delete", {"post": "yes"})]
)
def test_a_role_in_one_account_gives_nothing_in_another(
    manager_and_reviewer, our_fans, their_lamps, page, data
):
    response = manager_and_reviewer.post(url(page, their_lamps.pk), data)

    assert response.status_code == 403
    their_lamps.refresh_from_db()
    assert their_lamps.name == "TheirLamps"


def test_a_row_can_be_added_only_where_the_role_allows_it(manager_and_reviewer, ours, theirs):
    response = manager_and_reviewer.post(url("add"), new_category(account=theirs.pk))

    # The only account to choose is preset, whatever was posted.
    assert response.status_code == 302
    assert Category.objects.get().account == ours


@pytest.mark.parametrize("action", ["shout", "delete_selected"])
def test_an_action_is_refused_as_a_whole_for_a_row_the_role_does_not_cover(
    manager_and_reviewer, our_fans, their_lamps, action
):
    response = manager_and_reviewer.post(
        url("changelist"),
        {"action": action, "_selected_action": [our_fans.pk, their_lamps.pk], "post": "yes"},
        follow=True,
    )

    assert "Nothing was done" in text_of(response)
    assert set(Category.objects.values_list("name", flat=True)) == {"OurFans", "TheirLamps"}


def test_an_action_runs_on_rows_the_role_covers(manager_and_reviewer, our_fans):
    manager_and_reviewer.post(
        url("changelist"), {"action": "shout", "_selected_action": [our_fans.pk]}
    )

    our_fans.refresh_from_db()
    assert our_fans.name == "OURFANS"


def test_a_forged_selection_reaches_no_row_of_another_account(sign_in, ours, our_fans, their_lamps):
    sign_in(Role.MANAGER, ours).post(
        url("changelist"), {"action": "shout", "_selected_action": [their_lamps.pk]}
    )

    their_lamps.refresh_from_db()
    assert their_lamps.name == "TheirLamps"


def test_editing_in_the_list_is_refused_for_a_row_the_role_does_not_cover(
    manager_and_reviewer, ours, theirs
):
    tags = [TagFactory.create(account=ours, name="a"), TagFactory.create(account=theirs, name="b")]
    data = {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "2", "_save": "Save"}
    for n, tag in enumerate(tags):
        data |= {f"form-{n}-id": str(tag.pk), f"form-{n}-name": f"changed {n}"}

    response = manager_and_reviewer.post(url("changelist", model="tag"), data)

    assert [bool(errors) for errors in response.context["cl"].formset.errors] == [False, True]
    assert sorted(Tag.objects.values_list("name", flat=True)) == ["a", "b"]


# Choices, and what is posted instead


def test_a_form_offers_only_rows_of_the_persons_accounts(sign_in, ours, our_fans, their_lamps):
    response = sign_in(Role.MERCHANDISER, ours).get(url("add"))

    assert choices_of(response, "parent") == {"OurFans"}
    assert "TheirLamps" not in text_of(response)


def test_a_posted_reference_to_another_account_is_a_form_error(
    sign_in, ours, our_fans, their_lamps
):
    client = sign_in(Role.MERCHANDISER, ours)

    added = client.post(url("add"), new_category(account=ours.pk, parent=their_lamps.pk))
    changed = client.post(url("change", our_fans.pk), new_category(parent=their_lamps.pk))

    assert NOT_IN_LIST in errors_of(added)["parent"][0]
    assert NOT_IN_LIST in errors_of(changed)["parent"][0]
    assert "TheirLamps" not in text_of(added) + text_of(changed)
    our_fans.refresh_from_db()
    assert (our_fans.parent, our_fans.name) == (None, "OurFans")
    assert Category.objects.count() == 2


def test_a_row_never_refers_to_another_account_even_for_a_member_of_both(
    sign_in, ours, theirs, our_fans, their_lamps
):
    client = sign_in(Role.MERCHANDISER, ours, Role.MERCHANDISER, theirs)

    added = client.post(url("add"), new_category(account=ours.pk, parent=their_lamps.pk))
    changed = client.post(url("change", our_fans.pk), new_category(parent=their_lamps.pk))

    assert OTHER_ACCOUNT in errors_of(added)["parent"][0]
    assert NOT_IN_LIST in errors_of(changed)["parent"][0]
    assert Category.objects.filter(parent=their_lamps).count() == 0


def test_a_row_never_refers_to_another_account_even_for_a_superuser(
    superuser, ours, our_fans, their_lamps
):
    response = superuser.post(url("add"), new_category(account=ours.pk, parent=their_lamps.pk))

    assert OTHER_ACCOUNT in errors_of(response)["parent"][0]
    assert Category.objects.count() == 2


def test_an_autocomplete_answers_with_rows_of_the_persons_accounts(
    sign_in, ours, our_fans, their_lamps
):
    response = sign_in(Role.MERCHANDISER, ours).get(
        reverse("scoped:autocomplete"),
        {"app_label": "catalog", "model_name": "product", "field_name": "category", "term": ""},
    )

    assert [row["text"] for row in response.json()["results"]] == ["OurFans"]


def test_an_autocomplete_field_refuses_and_does_not_name_a_row_of_another_account(
    sign_in, ours, their_lamps
):
    response = sign_in(Role.MERCHANDISER, ours).post(
        url("add", model="product"),
        {"account": ours.pk, "key": "k", "name": "n", "category": their_lamps.pk},
    )

    assert NOT_IN_LIST in errors_of(response)["category"][0]
    assert "TheirLamps" not in text_of(response)
    assert Product.objects.count() == 0


def test_a_raw_id_field_refuses_and_does_not_name_a_row_of_another_account(sign_in, ours, theirs):
    their_product = ProductFactory.create(account=theirs, name="TheirProduct")
    client = sign_in(Role.MERCHANDISER, ours)
    page = url("add", model="variant")

    prefilled = client.get(page, {"product": their_product.pk})
    posted = client.post(page, {"product": their_product.pk, "sku": "S"})

    assert NOT_IN_LIST in errors_of(posted)["product"][0]
    assert "TheirProduct" not in text_of(prefilled) + text_of(posted)
    assert Variant.objects.count() == 0


def test_a_raw_id_field_names_a_row_of_the_own_account(sign_in, ours):
    product = ProductFactory.create(account=ours, name="OurProduct")

    response = sign_in(Role.MERCHANDISER, ours).get(
        url("add", model="variant"), {"product": product.pk}
    )

    assert "OurProduct" in text_of(response)


# The account of a new row


def test_the_only_account_is_preset(sign_in, ours):
    field = (
        sign_in(Role.MERCHANDISER, ours).get(url("add")).context["adminform"].form.fields["account"]
    )

    assert field.disabled
    assert field.initial == ours.pk


def test_one_of_several_accounts_is_chosen(sign_in, ours, theirs):
    client = sign_in(Role.MERCHANDISER, ours, Role.MANAGER, theirs)

    assert choices_of(client.get(url("add")), "account") == {"Our Fans", "Their Lamps"}
    client.post(url("add"), new_category(account=theirs.pk))
    assert Category.objects.get().account == theirs


def test_the_account_of_a_row_stays(sign_in, ours, theirs, our_fans):
    client = sign_in(Role.MANAGER, ours, Role.MANAGER, theirs)

    response = client.post(
        url("change", our_fans.pk), new_category(account=theirs.pk, name="Renamed")
    )

    assert response.status_code == 302
    our_fans.refresh_from_db()
    assert (our_fans.name, our_fans.account) == ("Renamed", ours)
    shown = client.get(url("change", our_fans.pk)).context["adminform"]
    assert "account" in shown.readonly_fields


def test_what_must_be_unique_in_the_account_is_a_form_error(sign_in, ours, our_fans):
    other = CategoryFactory.create(account=ours, path="Other")
    client = sign_in(Role.MERCHANDISER, ours)

    added = client.post(url("add"), new_category(path="OurFans"))
    changed = client.post(url("change", other.pk), new_category(path="OurFans"))

    assert "__all__" in errors_of(added)
    assert "__all__" in errors_of(changed)


def test_the_same_value_in_another_account_is_no_conflict(sign_in, ours, their_lamps):
    response = sign_in(Role.MERCHANDISER, ours).post(url("add"), new_category(path="TheirLamps"))

    assert response.status_code == 302
    assert Category.objects.filter(path="TheirLamps").count() == 2


# Filters


def test_filters_offer_only_rows_of_the_persons_accounts(sign_in, ours, our_fans, their_lamps):
    CategoryFactory.create(account=ours, path="OurFans/Child")

    text = text_of(sign_in(Role.MERCHANDISER, ours).get(url("changelist")))

    assert f"parent__id__exact={our_fans.pk}" in text
    assert f"parent__id__exact={their_lamps.pk}" not in text
    assert "TheirLamps" not in text


@pytest.mark.parametrize("value", ["1", "x", ""])
def test_a_filter_by_any_value_shows_no_row_of_another_account(
    sign_in, ours, our_fans, their_lamps, value
):
    response = sign_in(Role.MERCHANDISER, ours).get(
        url("changelist"), {"parent__id__exact": value}, follow=True
    )

    assert "TheirLamps" not in response.content.decode()


def test_an_autocomplete_filter_does_not_name_a_row_of_another_account(
    sign_in, ours, our_fans, their_lamps
):
    client = sign_in(Role.MERCHANDISER, ours)
    page = url("changelist", model="product")

    assert "OurFans" in text_of(client.get(page, {"category__id__exact": our_fans.pk}))
    assert "TheirLamps" not in text_of(client.get(page, {"category__id__exact": their_lamps.pk}))


def test_a_filter_by_a_related_value_offers_only_own_values(sign_in, our_fans, their_lamps, ours):
    ProductFactory.create(account=ours, category=our_fans)
    ProductFactory.create(account=their_lamps.account, category=their_lamps)

    text = text_of(sign_in(Role.MERCHANDISER, ours).get(url("changelist", model="product")))

    assert "category__name=OurFans" in text
    assert "TheirLamps" not in text


# Inline rows


def children(*rows):
    data = {"children-TOTAL_FORMS": str(len(rows)), "children-INITIAL_FORMS": "0"}
    for n, row in enumerate(rows):
        data |= {f"children-{n}-{name}": value for name, value in row.items()}
    return data


def test_a_new_inline_row_gets_its_parents_account(sign_in, ours, theirs, our_fans):
    client = sign_in(Role.MERCHANDISER, ours, Role.MERCHANDISER, theirs)

    client.post(
        url("change", our_fans.pk),
        {"name": "OurFans", "path": "OurFans"} | children({"name": "C", "path": "OurFans/C"}),
    )

    child = Category.objects.get(name="C")
    assert (child.parent, child.account) == (our_fans, ours)


def test_an_inline_row_of_a_new_parent_gets_its_account_too(sign_in, ours):
    response = sign_in(Role.MERCHANDISER, ours).post(
        url("add"), new_category() | children({"name": "C", "path": "New/C"})
    )

    assert response.status_code == 302
    assert Category.objects.get(name="C").account == ours


def test_an_inline_row_must_be_unique_in_the_account_too(sign_in, ours, our_fans):
    response = sign_in(Role.MERCHANDISER, ours).post(
        url("change", our_fans.pk),
        {"name": "OurFans", "path": "OurFans"} | children({"name": "C", "path": "OurFans"}),
    )

    assert response.status_code == 200
    assert Category.objects.count() == 1


def test_an_inline_row_never_refers_to_another_account(
    sign_in, ours, theirs, our_fans, their_lamps
):
    client = sign_in(Role.MANAGER, ours, Role.MANAGER, theirs)
    page = reverse("scoped:accounts_account_change", args=[ours.pk])
    row = {"key": "k", "name": "n", "category": their_lamps.pk, "account": ours.pk}
    times = {f"{name}_{part}": "2024-01-01" for name in ("created_at",) for part in ("0", "1")}

    shown = client.get(page)
    posted = client.post(
        page,
        {"name": "Our Fans", "products-TOTAL_FORMS": "1", "products-INITIAL_FORMS": "0"}
        | {f"products-0-{name}": value for name, value in (row | times).items()},
    )

    assert "OurFans" in text_of(shown)
    assert "TheirLamps" not in text_of(shown)
    [errors] = posted.context["inline_admin_formsets"][0].formset.errors
    assert NOT_IN_LIST in errors["category"][0]
    assert Product.objects.count() == 0


def test_inline_rows_cannot_be_changed_where_the_role_does_not_allow_it(
    manager_and_reviewer, their_lamps
):
    response = manager_and_reviewer.get(url("change", their_lamps.pk))

    [inline] = response.context["inline_admin_formsets"]
    assert not inline.has_add_permission
    assert not inline.has_change_permission
    assert inline.has_view_permission


def test_inline_rows_follow_the_role_in_the_parents_account(sign_in, ours, theirs, our_fans):
    child = CategoryFactory.create(account=ours, path="OurFans/C")
    client = sign_in(Role.MERCHANDISER, ours, Role.MANAGER, theirs)
    page = url("change", our_fans.pk)
    row = {"id": child.pk, "parent": our_fans.pk, "name": "C", "path": child.path, "DELETE": "on"}

    [inline] = client.get(page).context["inline_admin_formsets"]
    client.post(
        page,
        {"name": "OurFans", "path": "OurFans"} | children(row) | {"children-INITIAL_FORMS": "1"},
    )

    assert inline.has_change_permission
    assert not inline.has_delete_permission
    assert Category.objects.filter(pk=child.pk).exists()


# Pop-ups and history


def test_a_pop_up_adds_to_the_own_account(sign_in, ours):
    response = sign_in(Role.MERCHANDISER, ours).post(
        url("add") + "?_popup=1&_to_field=id", new_category(_popup="1", _to_field="id")
    )

    assert response.status_code == 200
    assert Category.objects.get().account == ours


def test_recent_actions_forget_the_rows_of_an_account_one_has_left(
    sign_in, person, ours, theirs, our_fans
):
    client = sign_in(Role.MANAGER, ours, Role.MANAGER, theirs)
    client.post(url("add"), new_category(account=theirs.pk, name="TheirSecret", path="TheirSecret"))
    client.post(url("change", our_fans.pk), new_category(name="Renamed", path="Renamed"))
    assert LogEntry.objects.count() == 2

    before = _recent(person)
    Membership.objects.get(user=person, account=theirs).delete()
    after = _recent(type(person).objects.get(pk=person.pk))

    assert before == ["Renamed", "TheirSecret"]
    assert after == ["Renamed"]


def test_recent_actions_are_the_persons_own(sign_in, superuser, person, ours, our_fans):
    sign_in(Role.MANAGER, ours)
    superuser.post(url("change", our_fans.pk), new_category(name="Renamed", path="Renamed"))

    assert LogEntry.objects.count() == 1
    assert _recent(person) == []


def test_the_applications_own_site_is_of_this_kind():
    assert isinstance(admin.site, AccountAdminSite)


def _recent(person):
    request = RequestFactory().get("/")
    request.user = person
    return [entry.object_repr for entry in site.get_log_entries(request)]


# Being safe by naming the mixin


def _request(person):
    request = RequestFactory().get("/")
    request.user = person
    return request


def test_an_inline_that_is_not_scoped_is_refused(person):
    class Unscoped(TabularInline):
        model = Category
        fk_name = "parent"

    class Pages(AccountScopedAdmin, ModelAdmin):
        inlines = (Unscoped,)

    with pytest.raises(ImproperlyConfigured, match="Unscoped must be an AccountScopedInline"):
        Pages(Category, site).get_inline_instances(_request(person))


def test_a_page_that_sets_the_account_itself_is_held_to_the_role_too(person, ours, theirs):
    class Pages(AccountScopedAdmin, ModelAdmin):
        fields = ("name",)

    MembershipFactory.create(user=person, account=ours, role=Role.MERCHANDISER)
    pages = Pages(Tag, site)

    with pytest.raises(PermissionDenied):
        pages.save_model(_request(person), Tag(name="x", account=theirs), None, change=False)
    assert Tag.objects.count() == 0


def test_choices_of_a_model_of_unknown_account_are_refused(person, ours):
    class Pages(AccountScopedAdmin, ModelAdmin):
        account_path = "property_set__account"

    MembershipFactory.create(user=person, account=ours)
    pages = Pages(TableEntryDefinition, site)
    reach = pages.reach(_request(person), "view")

    with pytest.raises(ImproperlyConfigured, match="LogEntry"):
        reach.condition(LogEntry)


def test_a_field_of_shared_rows_may_be_named(person, ours, django_user_model):
    class Pages(AccountScopedAdmin, ModelAdmin):
        fields = ("content_type",)
        shared_fields = ("content_type",)
        account_path = "user__memberships__account"

    MembershipFactory.create(user=person, account=ours)
    form = Pages(LogEntry, site).get_form(_request(person))

    assert form.base_fields["content_type"].queryset.count() > 0
