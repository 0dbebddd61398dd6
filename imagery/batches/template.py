"""The columns of an image batch explained."""

from collections.abc import Sequence

from bulk_uploads.file_template import CellKind, TemplateColumn
from imagery.batches.columns import BRAND, IMAGE_URL, SKU, STYLE_TAGS, TITLE


def template_columns() -> Sequence[TemplateColumn]:
    return (
        TemplateColumn(SKU, "What the images are for. One row each.", "SKU-1001", needed=True),
        TemplateColumn(
            TITLE,
            "What it is, for the prompt. A SKU that is new to the catalog needs one.",
            "Minimalist ceramic mug",
        ),
        TemplateColumn(
            IMAGE_URL,
            "Where the photo is that the images are made after.",
            "https://cdn.example.com/input/mug-front.png",
        ),
        TemplateColumn(BRAND, "Brand, for the prompt.", "Northline"),
        TemplateColumn(
            STYLE_TAGS,
            "How it should look, in a few words.",
            "studio lighting, white seamless",
            kind=CellKind.TEXT,
        ),
    )
