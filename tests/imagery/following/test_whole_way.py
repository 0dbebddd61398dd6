"""From a catalog file to images and a swatch grid, with nothing but the studio."""

import io

import pytest

from imagery.engine.policy import Policy
from imagery.image_sets.rules import set_rules
from imagery.image_sets.tasks import draw_swatch_grid
from imagery.models import GeneratedImage, ImageJob, ProviderCall, SkuImagery, SwatchGrid
from imagery.samples import draw_sample
from imagery.tasks import run_round
from jobs import clock
from tests.factories.accounts import AccountFactory
from tests.imagery.following.test_uploads import row, upload
from tests.imagery.planning.catalogs import CHAIN, fetch, recipe

pytestmark = pytest.mark.django_db


def photo(name):
    file = io.BytesIO()
    draw_sample(name, side=160).photo.save(file, "PNG")
    return file.getvalue()


def test_a_file_with_a_recipe_ends_in_an_image_set_that_is_made_once():
    account = AccountFactory.create()
    recipe(account, CHAIN[0])
    set_rules(account=account, category=None, roles=["cutout", "swatch_grid"])
    upload(account, row("mug"))
    fetch(account, "https://cdn.example.com/mug.png", photo("mug"))
    upload(account, row("mug"), recipe="own")
    run_round(policy=Policy.from_settings())
    SwatchGrid.objects.update(run_after=clock.now())
    draw_swatch_grid(SwatchGrid.objects.get().pk)

    made = GeneratedImage.objects.order_by("id").values_list("sku", "product_key", "role")
    assert list(made) == [("mug", "", "cutout"), ("", "Product mug", "swatch_grid")]
    assert SkuImagery.objects.get().qa_status == "pending_review"
    assert ImageJob.objects.get().state == "delivered"

    upload(account, row("mug"), recipe="own")
    run_round(policy=Policy.from_settings())
    assert ProviderCall.objects.count() == 1
    assert GeneratedImage.objects.count() == 2
