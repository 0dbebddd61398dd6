"""Edits of products: logged, refused as a whole, and their keys."""

import pytest

from catalog.editing import (
    create_product,
    edit_product,
)
from catalog.models import (
    Change,
)
from catalog.writing.context import Actor
from tests.catalog.editing.edits import product_id, refused
from tests.catalog.importing.stored import changes, product
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


def test_a_product_is_edited_and_what_changed_is_logged(account):
    person = UserFactory.create()
    assert edit_product(
        account_id=account.pk,
        actor=Actor(user_id=person.pk),
        product_id=product_id(account, "ZESTER"),
        name="Zester",
        category_path=" Fans / Table Fans ",
        tags=["new", " Decorative ", "new"],
        collections=["Collection1", "Collection2"],
    )

    assert product(account, "Zester") == {
        "key": "Zester",
        "name": "Zester",
        "category": "Fans/Table Fans",
        "tags": ["new", "Decorative"],
        "collections": ["Collection1", "Collection2"],
    }
    assert changes(account) == [
        (
            "product",
            "Zester",
            "updated",
            None,
            None,
            {
                "key": ["ZESTER", "Zester"],
                "name": ["ZESTER", "Zester"],
                "category": ["Fans/Havells/Ceiling Fans", "Fans/Table Fans"],
                "tags": [["Decorative"], ["new", "Decorative"]],
            },
        )
    ]
    assert Change.objects.get().user == person


def test_a_product_with_a_key_of_its_own_keeps_it_when_it_is_renamed(account):
    pk = create_product(account_id=account.pk, actor=Actor(), name="Fan", key="fan-1")

    edit_product(account_id=account.pk, actor=Actor(), product_id=pk, name="Wind")

    assert product(account, "fan-1")["name"] == "Wind"


def test_a_product_edit_that_changes_nothing_leaves_no_trace(account):
    assert not edit_product(
        account_id=account.pk,
        actor=Actor(),
        product_id=product_id(account, "ZESTER"),
        name="ZESTER",
        category_path="Fans/Havells/Ceiling Fans",
        tags=["Decorative"],
    )
    assert changes(account) == []


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "a#;b"}, "name"),
        ({"name": "\u0958" * 300}, "name"),
        ({"name": "Yorker"}, "name"),
        ({"category_path": "Fans//Table"}, "category_path"),
        ({"category_path": "/".join(["扇" * 180] * 5)}, "category_path"),
        ({"tags": ["two\nlines"]}, "tags"),
        ({"collections": ["c" * 201]}, "collections"),
    ],
)
def test_a_product_is_not_made_what_no_file_could_say(account, given, field):
    errors = refused(
        edit_product,
        account_id=account.pk,
        product_id=product_id(account, "ZESTER"),
        **{"tags": ["fine"], **given},
    )

    assert list(errors) == [field]
