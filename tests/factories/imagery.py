"""Prices, calls to providers, recipes, image jobs, wants and generated images."""

from datetime import date

from factory.declarations import (
    LazyAttribute,
    LazyFunction,
    RelatedFactory,
    SelfAttribute,
    Sequence,
    SubFactory,
)
from factory.django import DjangoModelFactory

from imagery.models import (
    GeneratedImage,
    HookEndpoint,
    ImageJob,
    LadderRung,
    PriceRow,
    PriceUnit,
    ProviderCall,
    QaStatus,
    Recipe,
    RecipeStep,
    RecipeVersion,
    ReferencePhoto,
    Role,
    SkuImagery,
    Trigger,
    Want,
)
from imagery.providers.protocol import Operation
from jobs import clock
from tests.factories.accounts import AccountFactory


class PriceRowFactory(DjangoModelFactory[PriceRow]):
    """Ten micro-units for each picture of the provider "painter"."""

    class Meta:
        model = PriceRow

    account = SubFactory(AccountFactory)
    provider = "painter"
    from_date = date(2024, 1, 1)
    unit = PriceUnit.IMAGE
    unit_micros = 10
    source = "painter.example/prices"


class ProviderCallFactory(DjangoModelFactory[ProviderCall]):
    """A planned call for one picture."""

    class Meta:
        model = ProviderCall

    account = SubFactory(AccountFactory)
    provider = "painter"
    model = "oil-1"
    operation = Operation.GENERATE
    images = 1


class RecipeFactory(DjangoModelFactory[Recipe]):
    class Meta:
        model = Recipe

    account = SubFactory(AccountFactory)
    name = Sequence(lambda number: f"recipe-{number}")


class RecipeVersionFactory(DjangoModelFactory[RecipeVersion]):
    class Meta:
        model = RecipeVersion

    recipe = SubFactory(RecipeFactory)
    number = 1


class RecipeStepFactory(DjangoModelFactory[RecipeStep]):
    """One hero, painted by `painter`."""

    class Meta:
        model = RecipeStep
        skip_postgeneration_save = True

    version = SubFactory(RecipeVersionFactory)
    position = Sequence(lambda number: number)
    name = Sequence(lambda number: f"step {number}")
    role = Role.HERO
    operation = Operation.GENERATE
    prompt_template = "A photo of {title}."
    rung = RelatedFactory("tests.factories.imagery.LadderRungFactory", factory_related_name="step")


class LadderRungFactory(DjangoModelFactory[LadderRung]):
    class Meta:
        model = LadderRung

    step = SubFactory(RecipeStepFactory, rung=None)
    position = 0
    provider = "painter"
    model = "oil-1"


class ImageJobFactory(DjangoModelFactory[ImageJob]):
    """Due, for a SKU that the catalog need not know."""

    class Meta:
        model = ImageJob

    account = SubFactory(AccountFactory)
    sku = Sequence(lambda number: f"SKU-{number}")
    recipe_version = SubFactory(RecipeVersionFactory, recipe__account=SelfAttribute("...account"))
    trigger = Trigger.API
    run_after = LazyFunction(clock.now)


class WantFactory(DjangoModelFactory[Want]):
    class Meta:
        model = Want

    account = SubFactory(AccountFactory)
    hash = Sequence(lambda number: f"{number:064x}")
    sku = "SKU-1"
    role = Role.HERO
    step = SubFactory(RecipeStepFactory, version__recipe__account=SelfAttribute("....account"))
    recipe_version = SelfAttribute("step.version")
    prompt = "A photo of a mug."


class GeneratedImageFactory(DjangoModelFactory[GeneratedImage]):
    """To be reviewed; its bytes are in no storage."""

    class Meta:
        model = GeneratedImage

    account = SubFactory(AccountFactory)
    sku = "SKU-1"
    role = Role.HERO
    sha256 = Sequence(lambda number: f"{number:064x}")
    delivered_sha256 = SelfAttribute("sha256")
    storage_path = LazyAttribute(
        lambda image: f"{image.account.uuid}/private/generated/{image.sha256}.png"
    )
    thumbnail_path = LazyAttribute(
        lambda image: f"{image.account.uuid}/private/generated/{image.sha256}.thumb.webp"
    )
    content_type = "image/png"
    byte_size = 1000
    width = 1000
    height = 1000
    created_at = LazyFunction(clock.now)


class HookEndpointFactory(DjangoModelFactory[HookEndpoint]):
    """Enabled, and may spend 100 micro-units a month."""

    class Meta:
        model = HookEndpoint

    account = SubFactory(AccountFactory)
    name = Sequence(lambda number: f"Shop {number}")
    recipe = SubFactory(RecipeFactory, account=SelfAttribute("..account"))
    monthly_cap_micros = 100


class ReferencePhotoFactory(DjangoModelFactory[ReferencePhoto]):
    """Known by its address alone."""

    class Meta:
        model = ReferencePhoto

    account = SubFactory(AccountFactory)
    url = Sequence(lambda number: f"https://photos.example/{number}.jpg")
    identity = LazyAttribute(lambda photo: f"url:{photo.url}")


class SkuImageryFactory(DjangoModelFactory[SkuImagery]):
    class Meta:
        model = SkuImagery

    account = SubFactory(AccountFactory)
    sku = "SKU-1"
    qa_status = QaStatus.GENERATING
    updated_at = LazyFunction(clock.now)
