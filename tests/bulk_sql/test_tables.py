"""Both databases' way with many rows does the same."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import DataError, IntegrityError, connection, transaction

from bulk_sql import tables
from catalog.models import Product, Tag, Variant
from tests.factories.accounts import AccountFactory
from tests.factories.catalog import ProductFactory, TagFactory, VariantFactory

pytestmark = pytest.mark.django_db

#: What databases, drivers and separators like to stumble over.
AWKWARD = [
    "plain",
    "",
    "it's",
    'say "hi"',
    "back\\slash\\n",
    "tab\there",
    "two\nlines",
    "cr\rlf",
    "%s %(x)s",
    "{} {0}",
    "\\N",
    "NULL",
    "größe 扇 🪭",
    "e\u0301",
    "1",
    "01",
    "1.0",
    "true",
    "[1]",
    "a,b;c",
]


@pytest.fixture
def account():
    return AccountFactory.create()


def test_any_text_is_written_and_read_back_and_found_by_itself(account):
    ways = tables()

    ways.insert("catalog_tag", ("account_id", "name"), [(account.pk, text) for text in AWKWARD])

    assert set(Tag.objects.values_list("name", flat=True)) == set(AWKWARD)
    for text in AWKWARD:
        rows = ways.select(
            f"SELECT name FROM catalog_tag WHERE name {ways.in_list}", [ways.among([text])]
        )
        assert rows == [(text,)]
    everything = ways.select(
        f"SELECT count(*) FROM catalog_tag WHERE name {ways.in_list}", [ways.among(AWKWARD)]
    )
    assert everything == [(len(AWKWARD),)]


def test_a_list_of_ids_finds_its_rows_and_an_empty_one_none(account):
    made = [TagFactory.create(account=account).pk for _ in range(5)]
    ways = tables()
    sql = f"SELECT id FROM catalog_tag WHERE id {ways.in_list} ORDER BY id"

    assert ways.select(sql, [ways.among(made[:3])]) == [(pk,) for pk in made[:3]]
    assert ways.select(sql, [ways.among([])]) == []


def test_ids_are_given_out_once_and_the_next_insert_goes_on_behind_them(account):
    ways = tables()
    first = list(ways.next_ids("catalog_tag", 3))
    ways.insert(
        "catalog_tag",
        ("id", "account_id", "name"),
        [(pk, account.pk, f"tag {pk}") for pk in first],
    )

    second = list(ways.next_ids("catalog_tag", 2))
    ways.insert(
        "catalog_tag",
        ("id", "account_id", "name"),
        [(pk, account.pk, f"tag {pk}") for pk in second],
    )
    own = Tag.objects.create(account=account, name="own")

    assert len({*first, *second, own.pk}) == 6
    assert sorted(first) == first
    assert min(second) > max(first)
    assert own.pk > max(second)


def test_ids_of_rows_that_are_gone_are_not_given_out_again(account):
    made = TagFactory.create(account=account)
    made_pk = made.pk
    made.delete()

    assert next(iter(tables().next_ids("catalog_tag", 1))) > made_pk


def test_asking_for_no_ids_gives_none(account):
    assert list(tables().next_ids("catalog_tag", 0)) == []


def test_only_missing_rows_are_inserted_and_the_others_stay(account):
    kept = TagFactory.create(account=account, name="there")
    ways = tables()

    for _ in range(2):
        ways.insert_missing(
            "catalog_tag",
            ("account_id", "name"),
            [(account.pk, "there"), (account.pk, "new"), (account.pk, "new")],
        )

    assert sorted(Tag.objects.values_list("name", flat=True)) == ["new", "there"]
    assert Tag.objects.get(name="there").pk == kept.pk


def test_inserting_and_updating_nothing_is_fine(account):
    ways = tables()

    ways.insert("catalog_tag", ("account_id", "name"), [])
    ways.insert_missing("catalog_tag", ("account_id", "name"), [])
    ways.update("catalog_tag", ("name",), [])

    assert not Tag.objects.exists()


def test_an_update_writes_each_row_its_own_values_and_no_other_row(account):
    product = ProductFactory.create(account=account)
    made = [VariantFactory.create(product=product, sku=sku, price=1) for sku in ("A", "B", "C")]
    ways = tables()

    ways.update(
        "catalog_variant",
        ("price", "active", "display_name", "digest", "attributes"),
        [
            (made[0].pk, "10.5", False, "it's\n", b"\x00\xff", '{"1": "ü"}'),
            (made[1].pk, None, True, "", None, "{}"),
        ],
    )

    a, b, c = Variant.objects.order_by("sku")
    assert (a.price, a.active, a.display_name) == (Decimal("10.5"), False, "it's\n")
    assert (bytes(a.digest), a.attributes) == (b"\x00\xff", {"1": "ü"})
    assert (b.price, b.active, b.display_name, b.digest, b.attributes) == (None, True, "", None, {})
    assert (c.price, c.display_name) == (1, made[2].display_name)


def test_two_updates_of_one_transaction_do_not_mix(account):
    made = [TagFactory.create(account=account, name=name) for name in ("a", "b")]
    ways = tables()

    ways.update("catalog_tag", ("name",), [(made[0].pk, "x")])
    ways.update("catalog_tag", ("name",), [(made[1].pk, "y")])

    assert sorted(Tag.objects.values_list("name", flat=True)) == ["x", "y"]


def test_an_update_goes_on_after_one_that_was_rolled_back(account):
    made = TagFactory.create(account=account, name="a")
    ways = tables()
    savepoint = transaction.savepoint()
    ways.update("catalog_tag", ("name",), [(made.pk, "lost")])
    transaction.savepoint_rollback(savepoint)

    ways.update("catalog_tag", ("name",), [(made.pk, "kept")])

    made.refresh_from_db()
    assert made.name == "kept"


def test_a_unique_constraint_is_djangos_integrity_error(account):
    made = [TagFactory.create(account=account, name=name) for name in ("a", "b")]
    ways = tables()

    with pytest.raises(IntegrityError), transaction.atomic():
        ways.insert("catalog_tag", ("account_id", "name"), [(account.pk, "a")])
    with pytest.raises(IntegrityError), transaction.atomic():
        ways.update("catalog_tag", ("name",), [(made[1].pk, "a")])

    assert sorted(Tag.objects.values_list("name", flat=True)) == ["a", "b"]


def test_what_a_column_cannot_hold_is_an_error_of_the_data(account):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite holds text of any length in any column")

    with pytest.raises(DataError), transaction.atomic():
        tables().insert("catalog_tag", ("account_id", "name"), [(account.pk, "x" * 201)])

    assert not Tag.objects.exists()


def test_moments_and_identifiers_are_stored_as_django_stores_them(account):
    product = ProductFactory.create(account=account)
    other = ProductFactory.create(account=account)
    ways = tables()
    at = datetime(2024, 2, 29, 23, 59, 59, 123456, tzinfo=UTC)
    uuid = product.uuid
    Product.objects.filter(pk=product.pk).update(uuid="00000000-0000-4000-8000-000000000000")

    ways.update(
        "catalog_product",
        ("updated_at", "uuid"),
        [(other.pk, ways.moment(at), ways.identifier(uuid))],
    )

    other.refresh_from_db()
    assert (other.updated_at, other.uuid) == (at, uuid)
    assert Product.objects.get(uuid=uuid, updated_at=at) == other


@pytest.mark.parametrize("text", ["0", "0.0001", "9999999999.9999", "1234567890.1234", "10325.00"])
def test_numbers_given_as_text_are_stored_exactly(account, text):
    variant = VariantFactory.create(account=account)

    tables().update("catalog_variant", ("price",), [(variant.pk, text)])

    variant.refresh_from_db()
    assert variant.price == Decimal(text)
    assert Variant.objects.filter(price=Decimal(text)).exists()
