"""Inputs for text as files bring it: with line breaks, which an input of one line would join."""

from collections.abc import Mapping
from typing import Any

from django import forms

_MOST_ROWS = 8


class Lines(forms.Textarea):
    """Line ends are told as they are stored: browsers send others, and nothing was changed then."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return stored_ends(super().value_from_datadict(data, files, name))


class LineOrLines(forms.TextInput):
    """One line to write into, unless the value has more."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return stored_ends(super().value_from_datadict(data, files, name))

    def render(
        self, name: str, value: Any, attrs: Mapping[str, Any] | None = None, renderer: Any = None
    ) -> Any:
        lines = (self.format_value(value) or "").count("\n") + 1
        if lines == 1:
            return super().render(name, value, dict(attrs or {}), renderer)
        rows = {"rows": min(lines, _MOST_ROWS)}
        return Lines(attrs={**self.attrs, **rows}).render(name, value, dict(attrs or {}), renderer)


def stored_ends(text: Any) -> Any:
    """Line ends as they are stored; what is no text is left as it is."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if isinstance(text, str) else text
