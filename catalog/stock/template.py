"""The columns of a stock file explained."""

from collections.abc import Sequence

from bulk_uploads.file_template import CellKind, TemplateColumn


def template_columns() -> Sequence[TemplateColumn]:
    """One quantity a row. Files with one column for each location are taken as well."""
    return (
        TemplateColumn(
            "SKU", "Identifies the variant, which must exist.", "FHCZESTDUB48", needed=True
        ),
        TemplateColumn(
            "Location",
            "Where it lies. Blank is the account's default location; a new name makes a location.",
            "Main warehouse",
        ),
        TemplateColumn(
            "Quantity",
            "How much lies there, or by how much to adjust it; may be decimal, and below zero.",
            "12",
            kind=CellKind.NUMBER,
            needed=True,
        ),
        TemplateColumn(
            "Mode",
            "Blank is what the upload says: set, unless it was told to adjust.",
            "set",
            choices=("set", "adjust"),
        ),
    )
