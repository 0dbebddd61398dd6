"""A product's swatch grid: drawn from its variants' pictures, and again when they change."""

import io

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image

from catalog import editing
from catalog.models import Product, Variant
from catalog.writing.context import Actor
from imagery.engine import events
from imagery.image_sets import tasks
from imagery.image_sets.rules import set_rules
from imagery.image_sets.tasks import draw_swatch_grid
from imagery.marking import DigitalSource, source_of
from imagery.models import GeneratedImage, SkuImagery, SwatchGrid
from jobs import clock
from jobs.models import FollowUp
from jobs.tasks import run_follow_up
from tests.factories.accounts import AccountFactory, UserFactory
from tests.factories.catalog import ProductFactory
from tests.factories.imagery import GeneratedImageFactory
from tests.imagery.planning.catalogs import fetch, variant

pytestmark = pytest.mark.django_db


@pytest.fixture
def account():
    account = AccountFactory.create()
    set_rules(account=account, category=None, roles=["swatch_grid"])
    return account


@pytest.fixture
def mugs(account):
    product = ProductFactory.create(account=account, key="Mugs", name="Mugs")
    return [variant(account, sku, product=product) for sku in ("RED", "BLUE")]


def picture(colour):
    file = io.BytesIO()
    Image.new("RGB", (60, 40), colour).save(file, "PNG")
    return file.getvalue()


def cutout(account, sku, colour, **more):
    """Made, and told of."""
    path = default_storage.save(f"{account.uuid}/private/x.png", ContentFile(picture(colour)))
    image = GeneratedImageFactory.create(
        account=account, sku=sku, **{"role": "cutout", "storage_path": path, **more}
    )
    events.tell_of([image])
    return image


def draw():
    """Whatever is due, as if its time had come."""
    SwatchGrid.objects.exclude(run_after=None).update(run_after=clock.now())
    for grid in SwatchGrid.objects.exclude(run_after=None):
        draw_swatch_grid(grid.pk)
    return list(GeneratedImage.objects.filter(role="swatch_grid").order_by("id"))


def pixels(image):
    with default_storage.open(image.storage_path) as file:
        return Image.open(io.BytesIO(file.read())).convert("RGB").resize((200, 200))


def is_shown(image, colour):
    wanted = Image.new("RGB", (1, 1), colour).getpixel((0, 0))
    return any(
        sum(abs(a - b) for a, b in zip(found, wanted, strict=True)) < 30
        for _, found in pixels(image).getcolors(40_000)
    )


def test_a_grid_is_drawn_once_a_variant_has_a_picture(account, mugs):
    cutout(account, "RED", "red")
    (grid,) = draw()

    assert (grid.sku, grid.product_key, grid.decision) == ("", "Mugs", "pending")
    assert (grid.width, grid.height, grid.content_type) == (2000, 2000, "image/jpeg")
    assert grid.storage_path == f"{account.uuid}/private/generated/{grid.sha256}.jpg"
    with default_storage.open(grid.storage_path) as file:
        assert source_of(file.read()) == DigitalSource.COMPOSITE
    assert is_shown(grid, "red")
    assert dict(SkuImagery.objects.values_list("sku", "qa_status")) == {
        "RED": "pending_review", "BLUE": "pending_review",
    }  # fmt: skip


def test_it_is_drawn_anew_only_when_it_would_show_something_else(account, mugs):
    first = cutout(account, "RED", "red")
    events.tell_of([first])
    draw()
    events.tell_of([first])
    assert len(draw()) == 1

    cutout(account, "BLUE", "blue")
    old, new = draw()
    assert (old.decision, new.decision) == ("superseded", "pending")
    assert is_shown(new, "blue")
    assert is_shown(new, "red")


def test_cut_outs_come_before_heroes_and_photos_and_approved_ones_before_others(account):
    url = "https://cdn.example.com/photo.png"
    variant(account, "MUG", url)
    fetch(account, url, picture("yellow"))
    cutout(account, "MUG", "green", role="hero")
    assert is_shown(draw()[-1], "green")
    cutout(account, "MUG", "red", decision="approved")
    cutout(account, "MUG", "blue")
    assert is_shown(draw()[-1], "red")

    GeneratedImage.objects.exclude(role="swatch_grid").update(decision="rejected")
    SwatchGrid.objects.update(run_after=clock.now())
    assert is_shown(draw()[-1], "yellow")


def test_a_product_without_any_picture_has_no_grid(account, mugs):
    cutout(account, "RED", "red", decision="rejected")

    assert draw() == []
    assert SwatchGrid.objects.get().run_after is None


def test_no_grid_is_drawn_where_none_is_needed(account, mugs):
    set_rules(account=account, category=None, roles=["hero"])
    cutout(account, "RED", "red")

    assert not SwatchGrid.objects.exists()


def test_what_changes_in_the_catalog_changes_the_grid(account, mugs):
    for sku, colour in (("RED", "red"), ("BLUE", "blue")):
        cutout(account, sku, colour)
    draw()
    who = {"account_id": account.pk, "actor": Actor(user_id=UserFactory.create().pk)}
    editing.edit_variant(**who, variant_id=mugs[0].pk, values={"display_name": "Crimson"})
    follow()
    assert len(draw()) == 2
    editing.delete_variant(**who, variant_id=mugs[1].pk)
    follow()
    newest = draw()[-1]

    assert not is_shown(newest, "blue")
    assert GeneratedImage.objects.filter(role="swatch_grid").count() == 3
    assert Variant.objects.count() == Product.objects.count() == 1


def follow():
    for follow_up in FollowUp.objects.filter(finished_at=None):
        run_follow_up(follow_up.pk)


def test_a_wish_that_comes_while_it_is_drawn_is_not_forgotten(account, mugs, monkeypatch):
    drawn = tasks.draw_grid

    def draw_while_another_comes(plan):
        cutout(account, "BLUE", "blue")
        return drawn(plan)

    cutout(account, "RED", "red")
    monkeypatch.setattr(tasks, "draw_grid", draw_while_another_comes)
    draw()
    monkeypatch.undo()

    assert SwatchGrid.objects.get().run_after is not None
    assert is_shown(draw()[-1], "blue")
