"""The raw-id widget, naming the chosen row only if it is one that may be chosen."""

from typing import Any

from django.contrib.admin.widgets import ForeignKeyRawIdWidget, ManyToManyRawIdWidget
from django.db.models import QuerySet
from unfold.widgets import UnfoldForeignKeyRawIdWidget


class ReachingRawIdWidget(UnfoldForeignKeyRawIdWidget):
    """Beside the id Django prints the row's name, for whatever id was posted or put in the URL."""

    choosable: QuerySet[Any]

    @classmethod
    def instead_of(
        cls, widget: ForeignKeyRawIdWidget, choosable: QuerySet[Any]
    ) -> ForeignKeyRawIdWidget:
        if isinstance(widget, ManyToManyRawIdWidget):
            return widget  # prints no names
        replacement = cls(widget.rel, widget.admin_site, attrs=widget.attrs, using=widget.db)
        replacement.choosable = choosable
        return replacement

    def label_and_url_for_value(self, value: Any) -> tuple[str, str]:
        key = self.rel.get_related_field().name
        try:
            known = self.choosable.filter(**{key: value}).exists()
        except (ValueError, TypeError):
            known = False
        return super().label_and_url_for_value(value) if known else ("", "")
