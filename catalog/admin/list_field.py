"""A form field that holds a list of texts: one input for each, all of one name."""

from typing import Any

from django import forms

from catalog.admin.text_widgets import stored_ends


class ListInput(forms.Widget):
    """Drawn by `catalog/repeated_inputs.html`; here only what was posted is gathered."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        return [stored_ends(text) for text in data.getlist(name)]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return False


class ListField(forms.Field):
    """Blank inputs do not count; what is written in the others is checked where it is stored."""

    widget = ListInput

    def to_python(self, value: Any) -> list[str]:
        return [text for item in value or [] if (text := str(item).strip())]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return not self.disabled and self.to_python(data) != self.to_python(initial)
