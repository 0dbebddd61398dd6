"""The example product of the API's document, stored as an import would leave it."""

from datetime import timedelta
from decimal import Decimal

from accounts.models import Account
from catalog.models import SetKind, Variant
from tests.factories.catalog import (
    WRITTEN,
    AttributeDefinitionFactory,
    ProductFactory,
    PropertySetDefinitionFactory,
    TableEntryDefinitionFactory,
    VariantFactory,
    link_media,
)

PICTURE = "https://havells.example/FHCZESTDUB48/cover.png"


def store_zester(account: Account) -> Variant:
    """Definitions are made out of order, so that only their positions can put them right."""
    sweep = AttributeDefinitionFactory.create(
        account=account, name="sweep size", unit="mm", position=2
    )
    color = AttributeDefinitionFactory.create(account=account, name="color", position=1)
    gallery = PropertySetDefinitionFactory.create(
        account=account, name="Gallery", kind=SetKind.MEDIA, position=9
    )
    features = PropertySetDefinitionFactory.create(
        account=account, name="Notable Features", kind=SetKind.LIST, position=8
    )
    details = PropertySetDefinitionFactory.create(account=account, name="details", position=7)
    paths = PropertySetDefinitionFactory.create(account=account, media_paths=True, position=1)
    voltage = TableEntryDefinitionFactory.create(
        property_set=details, key="Rated Voltage", unit="Volts Range", position=2
    )
    speed = TableEntryDefinitionFactory.create(
        property_set=details, key="rated speed", unit="m³/min", position=1
    )
    TableEntryDefinitionFactory.create(property_set=details, key="no of blades", position=3)
    product = ProductFactory.create(
        account=account,
        name="ZESTER",
        category_path="Fans/Havells/Ceiling Fans",
        tags=("Decorative",),
        collections=("Collection2", "Collection1"),
        updated_at=WRITTEN + timedelta(seconds=1),
    )
    variant = VariantFactory.create(
        product=product,
        sku="FHCZESTDUB48",
        display_name="ZESTER 1200 mm Dusk",
        description="Superior Paint Finish",
        price=Decimal("5830"),
        list_price=Decimal("5830.125"),
        length_mm=Decimal("0"),
        width_mm=Decimal("1200.5"),
        tax_number="H234",
        tax_rate="18% GST",
        attributes={str(sweep.pk): "1200", str(color.pk): "Dusk"},
        property_sets={
            str(features.pk): ["Feature1", "Feature2"],
            str(details.pk): {str(voltage.pk): ["220", "240"], str(speed.pk): ["235"]},
        },
    )
    link_media(variant, gallery, PICTURE, PICTURE)
    link_media(variant, paths, PICTURE)
    return variant


PICTURE_DOCUMENT = {"source_url": PICTURE, "url": None, "state": "pending"}
VARIANT_DOCUMENT = {
    "sku": "FHCZESTDUB48",
    "ean": None,
    "display_name": "ZESTER 1200 mm Dusk",
    "description": "Superior Paint Finish",
    "price": "5830.00",
    "list_price": "5830.125",
    "currency": "INR",
    "length_mm": "0",
    "width_mm": "1200.5",
    "height_mm": None,
    "weight_g": None,
    "active": True,
    "tax_number": "H234",
    "tax_rate": "18% GST",
    "attributes": [
        {"name": "color", "unit": None, "value": "Dusk"},
        {"name": "sweep size", "unit": "mm", "value": "1200"},
    ],
    "property_sets": [
        {
            "kind": "table",
            "name": "details",
            "entries": [
                {"key": "rated speed", "unit": "m³/min", "values": ["235"]},
                {"key": "Rated Voltage", "unit": "Volts Range", "values": ["220", "240"]},
            ],
        },
        {"kind": "list", "name": "Notable Features", "items": ["Feature1", "Feature2"]},
        {"kind": "media", "name": "Gallery", "items": [PICTURE_DOCUMENT, PICTURE_DOCUMENT]},
    ],
    "media": [PICTURE_DOCUMENT],
    "qa_status": "not_requested",
}
