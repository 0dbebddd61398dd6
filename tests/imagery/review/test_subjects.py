"""What a reviewer is shown of several SKUs at once: each its own images, photo and facts."""

from decimal import Decimal

import pytest

from imagery.models import Decision, JobWant, ReviewTicket, Role
from imagery.review import tickets
from imagery.review.subjects import MOST_SHOWN, subjects_of
from imagery.review.tickets import Subject
from tests.factories.accounts import AccountFactory
from tests.factories.catalog import (
    AttributeDefinitionFactory,
    MediaAssetFactory,
    MediaFileFactory,
    ProductFactory,
    PropertySetDefinitionFactory,
    VariantFactory,
    link_media,
)
from tests.factories.imagery import (
    GeneratedImageFactory,
    ImageJobFactory,
    ReferencePhotoFactory,
    WantFactory,
)

pytestmark = pytest.mark.django_db


def subjects(account, *names):
    """In this order, of those that wait."""
    tickets.refresh(account_id=account.pk, subjects=names)
    found = {(one.sku, one.product_key): one for one in ReviewTicket.objects.all()}
    return subjects_of([found[name] for name in names])


def made_of(account, sku, file):
    """An image of a job with this source photo."""
    reference = ReferencePhotoFactory(account=account, file=file)
    job = ImageJobFactory(account=account, sku=sku, reference=reference)
    want = WantFactory(account=account, sku=sku)
    JobWant.objects.create(job=job, want=want)
    return GeneratedImageFactory(account=account, sku=sku, want=want)


def test_each_has_its_own_facts_and_the_product_those_of_its_first_variant():
    account = AccountFactory(currency="INR")
    colour = AttributeDefinitionFactory(account=account, name="Colour")
    mugs = ProductFactory(account=account, name="Mug", category_path="Kitchen/Mugs")
    for sku, value in (("RED", "Red"), ("BLUE", "Blue")):
        VariantFactory(product=mugs, sku=sku, price=Decimal(20), attributes={str(colour.pk): value})
    plain = VariantFactory(account=account, sku="PLAIN", price=None, display_name="Plain cup")
    for sku in ("BLUE", "RED", plain.sku, "GONE"):
        GeneratedImageFactory(account=account, sku=sku)
    GeneratedImageFactory(account=account, sku="", product_key=mugs.key, role=Role.SWATCH_GRID)

    names = [Subject("BLUE"), Subject("", mugs.key), Subject("PLAIN"), Subject("GONE")]
    blue, product, cup, gone = subjects(account, *names)

    facts = [("Product", "Mug"), ("Category", "Kitchen/Mugs")]
    assert blue.facts == [*facts, ("Colour", "Blue"), ("Price", "20 INR")]
    assert (product.title, product.facts) == (
        "Mug",
        [*facts, ("Colour", "Red"), ("Price", "20 INR")],
    )
    assert (cup.title, cup.facts) == ("Plain cup", [("Product", plain.product.name)])
    assert (gone.title, gone.facts, gone.photo) == ("GONE", (), None)


def test_the_photo_is_the_one_it_was_made_of_else_the_first_that_the_variant_shows():
    account = AccountFactory()
    first, second, used = MediaFileFactory.create_batch(3, account=account)
    gallery = PropertySetDefinitionFactory(account=account, media_paths=True)
    for sku in ("A", "B"):
        variant = VariantFactory(account=account, sku=sku)
        urls = [
            MediaAssetFactory(
                account=account, fetched=True, file=file, url=f"https://x.example/{n}"
            ).url
            for n, file in enumerate((first, second))
        ]
        link_media(variant, gallery, *urls)
    made_of(account, "A", second)
    made_of(account, "A", used)
    GeneratedImageFactory(account=account, sku="B")
    shown = subjects(account, Subject("A"), Subject("B"))
    assert [one.photo for one in shown] == [used.uuid, first.uuid]


def test_no_sku_takes_another_ones_place_and_none_shows_more_than_so_many():
    account = AccountFactory()
    GeneratedImageFactory.create_batch(MOST_SHOWN + 2, account=account, sku="MANY")
    few = GeneratedImageFactory(account=account, sku="FEW")
    current = GeneratedImageFactory(
        account=account, sku="FEW", role=Role.LIFESTYLE, decision=Decision.APPROVED
    )
    GeneratedImageFactory(account=AccountFactory(), sku="FEW")
    many, other = subjects(account, Subject("MANY"), Subject("FEW"))
    assert len(many.candidates) == MOST_SHOWN
    assert {image.sku for image in many.candidates} == {"MANY"}
    assert (other.candidates, other.current) == ([few], [current])
