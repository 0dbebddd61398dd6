"""The columns of a Blue Dart pincode file explained."""

from collections.abc import Sequence

from bulk_uploads.file_template import CellKind, TemplateColumn

_YES_OR_NO = ("Y", "N")


def template_columns() -> Sequence[TemplateColumn]:
    """The shortest of Blue Dart's own layouts that says everything an order needs to know."""
    return (
        TemplateColumn("cscrcd", "Code of the service centre.", "BOM"),
        TemplateColumn(
            "pincode",
            "Six digits, the first not 0. With the mode it identifies the row.",
            "400001",
            needed=True,
        ),
        TemplateColumn("city", "City.", "MUMBAI"),
        TemplateColumn("bdel_loc", "Name of the delivery location.", "FORT"),
        TemplateColumn("state", "State.", "MAHARASHTRA"),
        TemplateColumn("cod", "Whether cash on delivery is possible.", "Y", choices=_YES_OR_NO),
        TemplateColumn("prepaid", "Whether prepaid orders go there.", "Y", choices=_YES_OR_NO),
        TemplateColumn(
            "mode", "The way of carriage, such as air or surface.", "surface", kind=CellKind.TEXT
        ),
    )
