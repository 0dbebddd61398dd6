"""Who may open, change and delete what in the catalog's pages."""

import pytest
from django.urls import reverse

from accounts.roles import Role
from catalog.models import Change, Product, Variant
from tests.factories.accounts import AccountFactory
from tests.factories.catalog import (
    CategoryFactory,
    CollectionFactory,
    MediaAssetFactory,
    TagFactory,
    VariantFactory,
)
from tests.signing_in import EVERYBODY, STRANGER, SUPERUSER, client_as

pytestmark = pytest.mark.django_db

MODELS = ("product", "variant", "category", "collection", "tag", "mediaasset")
EDITORS = {Role.MERCHANDISER.value, Role.MANAGER.value, SUPERUSER}
DELETERS = {Role.MANAGER.value, SUPERUSER}


@pytest.mark.parametrize("who", EVERYBODY)
@pytest.mark.parametrize("model", MODELS)
def test_members_open_every_list(who, model):
    answer = client_as(who, AccountFactory()).get(reverse(f"admin:catalog_{model}_changelist"))

    assert answer.status_code == (403 if who == STRANGER else 200)


@pytest.mark.parametrize("who", EVERYBODY)
def test_members_open_a_product_a_variant_their_histories_and_a_picture(who):
    variant = VariantFactory()
    picture = MediaAssetFactory(account=variant.account)
    client = client_as(who, variant.account)

    answers = [
        client.get(reverse(f"admin:catalog_{page}", args=[pk])).status_code
        for page, pk in [
            ("product_change", variant.product_id),
            ("product_history", variant.product_id),
            ("variant_change", variant.pk),
            ("variant_history", variant.pk),
            ("mediaasset_change", picture.pk),
        ]
    ]

    assert set(answers) == ({302} if who == STRANGER else {200})


@pytest.mark.parametrize("who", EVERYBODY)
@pytest.mark.parametrize("model", ["product", "variant"])
def test_only_editors_are_offered_to_save(who, model):
    variant = VariantFactory()
    pk = variant.pk if model == "variant" else variant.product_id

    answer = client_as(who, variant.account).get(
        reverse(f"admin:catalog_{model}_change", args=[pk])
    )

    if who == STRANGER:
        assert answer.status_code == 302
        return
    form = answer.context["form"]
    assert ('name="_save"' in answer.content.decode()) is (who in EDITORS)
    assert all(field.disabled is (who not in EDITORS) for field in form.fields.values())


@pytest.mark.parametrize("who", [Role.REVIEWER.value, STRANGER])
@pytest.mark.parametrize("model", ["product", "variant"])
def test_a_save_of_somebody_who_may_only_look_changes_nothing(who, model):
    variant = VariantFactory()
    pk = variant.pk if model == "variant" else variant.product_id
    client = client_as(who, variant.account)

    answer = client.post(
        reverse(f"admin:catalog_{model}_change", args=[pk]),
        {"name": "Taken", "display_name": "Taken", "product": variant.product_id},
    )

    assert answer.status_code == (302 if who == STRANGER else 403)
    assert not Change.objects.exists()
    assert not Product.objects.filter(name="Taken").exists()
    assert not Variant.objects.filter(display_name="Taken").exists()


@pytest.mark.parametrize("who", EVERYBODY)
@pytest.mark.parametrize("model", ["product", "variant"])
def test_only_editors_open_the_form_of_a_new_one(who, model):
    answer = client_as(who, AccountFactory()).get(reverse(f"admin:catalog_{model}_add"))

    assert answer.status_code == (200 if who in EDITORS else 403)


@pytest.mark.parametrize("who", EVERYBODY)
def test_only_managers_delete_a_variant(who):
    variant = VariantFactory()
    client = client_as(who, variant.account)
    url = reverse("admin:catalog_variant_delete", args=[variant.pk])

    asked = client.get(url)
    still_there = Variant.objects.filter(pk=variant.pk).exists()
    client.post(url)

    assert still_there
    assert asked.status_code == {STRANGER: 302}.get(who, 200 if who in DELETERS else 403)
    assert Variant.objects.filter(pk=variant.pk).exists() is (who not in DELETERS)


@pytest.mark.parametrize("who", EVERYBODY)
@pytest.mark.parametrize(
    ("model", "make"),
    [
        ("category", CategoryFactory),
        ("collection", CollectionFactory),
        ("tag", TagFactory),
        ("mediaasset", MediaAssetFactory),
    ],
)
def test_nobody_changes_shelves_or_pictures_past_the_write_path(who, model, make):
    row = make()
    client = client_as(who, row.account)
    before = type(row).objects.values().get(pk=row.pk)

    for page in ("change", "delete"):
        client.post(
            reverse(f"admin:catalog_{model}_{page}", args=[row.pk]),
            {"name": "Taken", "path": "Taken", "url": "https://taken.example", "post": "yes"},
        )
    added = client.post(reverse(f"admin:catalog_{model}_add"), {"name": "Taken"})

    assert added.status_code == 403
    assert type(row).objects.values().get(pk=row.pk) == before
    assert not type(row).objects.exclude(pk=row.pk).filter(account=row.account, pk__gt=row.pk)


@pytest.mark.parametrize("model", ["product", "variant"])
def test_no_list_offers_to_delete_a_selection_past_the_write_path(model):
    variant = VariantFactory()
    pk = variant.pk if model == "variant" else variant.product_id

    client_as(SUPERUSER).post(
        reverse(f"admin:catalog_{model}_changelist"),
        {"action": "delete_selected", "_selected_action": [pk], "post": "yes"},
    )

    assert Variant.objects.filter(pk=variant.pk).exists()
