"""Accounts with variants to make pictures of, and what was planned for them."""

from typing import Any

from accounts.models import Account
from catalog.models import AssetState, MediaAsset, PropertySetDefinition, Variant
from imagery.models import GeneratedImage, ImageJob, JobState, RecipeVersion, Want, WantState
from imagery.planning.requests import Requested, request_images
from imagery.planning.targets import Target
from imagery.recipes.drafts import RungDraft, StepDraft
from imagery.recipes.editing import save_recipe
from jobs import clock
from tests.factories.catalog import (
    MediaFileFactory,
    PropertySetDefinitionFactory,
    VariantFactory,
    link_media,
)
from tests.factories.imagery import GeneratedImageFactory

HERO = StepDraft(
    name="hero",
    role="hero",
    operation="generate",
    prompt_template="A photo of {title}. Look: {style_tags}.",
    ladder=(RungDraft("studio"),),
)
CHAIN = (
    StepDraft(
        name="cut", role="cutout", operation="remove_background", ladder=(RungDraft("studio"),)
    ),
    StepDraft(name="large", operation="upscale", input_step="cut", ladder=(RungDraft("studio"),)),
    StepDraft(
        name="room",
        role="lifestyle",
        operation="replace_background",
        prompt_template="{title} in a room.",
        input_step="large",
        ladder=(RungDraft("studio"),),
    ),
)


def recipe(account: Account, *steps: StepDraft, name: str = "own") -> RecipeVersion:
    return save_recipe(account=account, name=name, description="", steps=steps or (HERO,), by=None)


def variant(account: Account, sku: str, *photos: str, **values: Any) -> Variant:
    """`photos` are the URLs of its Media Paths."""
    made = VariantFactory.create(
        account=account, product__account=account, sku=sku, **{"display_name": sku, **values}
    )
    if photos:
        link_media(made, media_paths(account), *photos)
    return made


def media_paths(account: Account) -> PropertySetDefinition:
    found = PropertySetDefinition.objects.filter(account=account, name="", kind="media").first()
    return found or PropertySetDefinitionFactory.create(account=account, media_paths=True)


def fetch(account: Account, url: str, content: bytes) -> None:
    """The photo at this address is fetched, and is this."""
    file = MediaFileFactory.create(account=account, content=content)
    MediaAsset.objects.filter(account=account, url=url).update(
        state=AssetState.FETCHED, due_at=None, file=file
    )


def ask(account: Account, version: RecipeVersion, *skus: str, **more: Any) -> Requested:
    targets = [Target(sku) for sku in skus]
    return request_images(
        account=account, version=version, **{"targets": targets, "trigger": "api", **more}
    )


def deliver(account: Account, **wants: Any) -> list[GeneratedImage]:
    """Every open want (of these) is satisfied, and the jobs with nothing left to do end."""
    images = []
    for want in Want.objects.filter(account=account, state=WantState.OPEN, **wants).distinct():
        images.append(
            GeneratedImageFactory.create(
                account=account,
                sku=want.sku,
                product_key=want.product_key,
                role=want.role,
                want=want,
            )
        )
    Want.objects.filter(image__in=images).update(state=WantState.SATISFIED)
    whole = ImageJob.objects.for_account(account.pk).open().exclude(wants__state=WantState.OPEN)
    whole.update(state=JobState.DELIVERED, ended_at=clock.now(), run_after=None)
    return images


def wants(account: Account, **which: Any) -> int:
    return Want.objects.filter(account=account, **which).count()
