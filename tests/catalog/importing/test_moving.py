"""A SKU whose product key changed moves; what it leaves empty is renamed or removed."""

import pytest

from catalog.models import Departure, Product, Variant
from tests.catalog.importing.stored import changes, product, product_keys, products_of
from tests.imports import catalog_of, counts, import_rows, outcomes

HEADER = ["SKU", "Product Name", "Category Path", "Tags", "Collections"]
FANS = [
    ["A", "Fan", "Home/Fans", "new#;sale", "C1"],
    ["B", "Fan", "Home/Fans", "new#;sale", "C1"],
]
IN_BATCHES = pytest.mark.parametrize("batch_rows", [1, 2_000])


def product_id(account, key):
    return Product.objects.get(account=account, key=key).pk


def test_a_sku_whose_name_changed_moves_to_the_product_of_that_name(account):
    import_rows(account, HEADER, [*FANS, ["C", "Lamp", "", "", ""]])
    lamp = product_id(account, "Lamp")

    upload = import_rows(account, ["SKU", "Product Name"], [["B", "Lamp"]])

    assert outcomes(upload) == {2: "updated"}
    assert products_of(account) == {"A": "Fan", "B": "Lamp", "C": "Lamp"}
    assert product_id(account, "Lamp") == lamp
    assert changes(account) == [("variant", "B", "updated", 1, 2, {"product": ["Fan", "Lamp"]})]
    assert not Departure.objects.exists()


@IN_BATCHES
def test_a_product_made_by_a_moving_row_starts_with_what_the_file_does_not_say(account, batch_rows):
    import_rows(account, HEADER, FANS)

    upload = import_rows(
        account,
        ["SKU", "Product Name", "Tags"],
        [["B", "Big fan", "big"], ["C", "Fan", ""]],
        batch_rows=batch_rows,
    )

    assert outcomes(upload) == {2: "updated", 3: "created"}
    assert product(account, "Big fan") == {
        "key": "Big fan",
        "name": "Big fan",
        "category": "Home/Fans",
        "tags": ["big"],
        "collections": ["C1"],
    }
    assert product(account, "Fan")["tags"] == ["new", "sale"]


@IN_BATCHES
def test_a_product_moved_to_by_key_alone_takes_the_name_along(account, batch_rows):
    import_rows(account, HEADER, FANS)

    import_rows(account, ["SKU", "Product Key"], [["B", "fan-2"]], batch_rows=batch_rows)

    assert products_of(account) == {"A": "Fan", "B": "fan-2"}
    assert product(account, "fan-2") == {**product(account, "Fan"), "key": "fan-2"}


@IN_BATCHES
@pytest.mark.parametrize(("order", "category"), [(["A", "B"], "Garden"), (["B", "A"], "Home/Fans")])
def test_a_moving_row_takes_its_products_values_as_they_are_at_that_row(
    account, batch_rows, order, category
):
    import_rows(account, HEADER, FANS)
    rows = {"A": ["A", "Fan", "Garden"], "B": ["B", "Big fan", ""]}

    import_rows(account, HEADER[:3], [rows[sku] for sku in order], batch_rows=batch_rows)

    assert product(account, "Fan")["category"] == "Garden"
    assert product(account, "Big fan")["category"] == category


@IN_BATCHES
def test_a_new_product_that_holds_all_variants_of_one_emptied_product_is_that_product_renamed(
    account, batch_rows
):
    import_rows(account, HEADER, FANS)
    fan, uuid = Product.objects.values_list("id", "uuid").get(account=account)

    upload = import_rows(
        account,
        ["SKU", "Product Name"],
        [["A", "Ceiling fan"], ["B", "Ceiling fan"]],
        batch_rows=batch_rows,
    )

    assert counts(upload) == {"updated": 2}
    renamed = Product.objects.get(account=account)
    assert (renamed.pk, renamed.uuid, renamed.key, renamed.name) == (
        fan,
        uuid,
        "Ceiling fan",
        "Ceiling fan",
    )
    assert product(account, "Ceiling fan")["category"] == "Home/Fans"
    assert product(account, "Ceiling fan")["tags"] == ["new", "sale"]
    assert set(Variant.objects.values_list("product_id", flat=True)) == {fan}
    assert (
        "product",
        "Ceiling fan",
        "updated",
        1,
        None,
        {"key": ["Fan", "Ceiling fan"], "name": ["Fan", "Ceiling fan"]},
    ) in changes(account)
    again = import_rows(account, ["SKU", "Product Name"], [["A", "Ceiling fan"]])
    assert counts(again) == {"unchanged": 1}
    assert not Departure.objects.exists()


@IN_BATCHES
def test_a_renamed_product_takes_the_files_new_values(account, batch_rows):
    import_rows(account, HEADER, FANS)
    fan = product_id(account, "Fan")

    import_rows(
        account,
        HEADER,
        [["A", "Wind", "Garden", "", "C2"], ["B", "Wind", "Garden", "", "C2"]],
        batch_rows=batch_rows,
    )

    assert product_id(account, "Wind") == fan
    assert product(account, "Wind") == {
        "key": "Wind",
        "name": "Wind",
        "category": "Garden",
        "tags": ["new", "sale"],
        "collections": ["C2"],
    }


@IN_BATCHES
def test_a_product_emptied_into_another_that_was_there_is_removed_and_recorded(account, batch_rows):
    import_rows(account, HEADER, [*FANS, ["C", "Lamp", "", "", ""]])

    upload = import_rows(
        account,
        ["SKU", "Product Name"],
        [["A", "Lamp"], ["B", "Lamp"]],
        batch_rows=batch_rows,
    )

    assert counts(upload) == {"updated": 2}
    assert product_keys(account) == ["Lamp"]
    deleted = [change for change in changes(account) if change[2] == "deleted"]
    assert deleted == [
        (
            "product",
            "Fan",
            "deleted",
            1,
            None,
            {
                "key": "Fan",
                "name": "Fan",
                "category": "Home/Fans",
                "tags": ["new", "sale"],
                "collections": ["C1"],
            },
        )
    ]


@IN_BATCHES
@pytest.mark.parametrize(
    "rows",
    [
        [["A", "One"], ["B", "Two"]],
        [["A", "One"], ["B", "One"], ["N", "One"]],
        [["A", "One"], ["B", "One"], ["C", "One"]],
    ],
    ids=["torn apart", "with a new variant", "merged with another product's"],
)
def test_a_product_whose_variants_do_not_make_up_the_new_one_is_removed(account, batch_rows, rows):
    import_rows(account, HEADER, [*FANS, ["C", "Lamp", "", "", ""]])
    old = {product_id(account, "Fan"), product_id(account, "Lamp")}

    import_rows(account, ["SKU", "Product Name"], rows, batch_rows=batch_rows)

    wanted = {name for _, name in rows}
    if "C" not in dict(rows):
        wanted.add("Lamp")
    assert set(product_keys(account)) == wanted
    assert not {product_id(account, name) for _, name in rows} & old


@IN_BATCHES
def test_two_products_may_swap_their_names(account, batch_rows):
    import_rows(account, HEADER, [*FANS, ["C", "Lamp", "", "", ""]])

    import_rows(
        account,
        ["SKU", "Product Name"],
        [["A", "Lamp"], ["B", "Lamp"], ["C", "Fan"]],
        batch_rows=batch_rows,
    )

    assert products_of(account) == {"A": "Lamp", "B": "Lamp", "C": "Fan"}
    assert product_keys(account) == ["Fan", "Lamp"]


def test_a_product_that_was_empty_before_stays(account):
    import_rows(account, HEADER, FANS)
    Product.objects.create(
        account=account,
        key="Empty",
        name="Empty",
        created_at=Product.objects.first().created_at,
        updated_at=Product.objects.first().updated_at,
    )

    import_rows(account, ["SKU", "Product Name"], [["A", "Fan"]])

    assert product_keys(account) == ["Empty", "Fan"]


def test_many_products_are_renamed_in_one_file(account):
    before = [[f"S{number}", f"Old {number // 2}"] for number in range(450)]
    import_rows(account, ["SKU", "Product Name"], before)
    ids = {key: product_id(account, key) for key in ("Old 0", "Old 100", "Old 224")}

    upload = import_rows(
        account,
        ["SKU", "Product Name"],
        [[sku, name.replace("Old", "New")] for sku, name in before],
    )

    assert counts(upload) == {"updated": 450}
    assert len(product_keys(account)) == 225
    assert {key.replace("Old", "New"): pk for key, pk in ids.items()} == {
        key: product_id(account, key) for key in ("New 0", "New 100", "New 224")
    }


def test_a_dry_run_moves_nothing(account):
    import_rows(account, HEADER, FANS)
    before = catalog_of(account)

    upload = import_rows(
        account,
        ["SKU", "Product Name"],
        [["A", "Wind"], ["B", "Wind"]],
        dry_run=True,
        batch_rows=1,
    )

    assert counts(upload) == {"updated": 2}
    assert catalog_of(account) == before
    assert not Departure.objects.exists()
