"""What the forms of products and variants share: reading old values back, and going stale."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict

from catalog.models import Change, Product


class EditForm(forms.Form):
    """`seen_change` is the newest change the person saw when the page was drawn, "" for none."""

    seen_change = forms.CharField(required=False, widget=forms.HiddenInput)

    def disable(self) -> None:
        """For people who may look but not change."""
        for field in self.fields.values():
            field.disabled = True

    def field_of(self, changed: str) -> str | None:
        """The form's name for a field of the change log; None if the form does not show it."""
        return changed if changed in self.fields else None

    def add_refusals(self, errors: Mapping[str, Sequence[str]]) -> None:
        """Show what the write path refused beside the field it is about."""
        for name, texts in errors.items():
            self.add_error(self.field_of(name), [*texts])

    def wrong_fields(self) -> list[BoundField]:
        """Fields with errors, in the order of the page."""
        return [field for field in self if field.errors]

    def data_after(self, changes: Iterable[Change]) -> QueryDict:
        """The posted data, with what others changed meanwhile where the person left it alone.

        The form's initial values are the current ones; it must have been validated.
        """
        data = cast(QueryDict, self.data).copy()
        for changed, before in _first_values(changes).items():
            name = self.field_of(changed)
            if name is None or not _same(self.cleaned_data.get(name), before):
                continue
            current = self.get_initial_for_field(self.fields[name], name)
            data.setlist(name, _posted(current))
        data["seen_change"] = str(
            self.get_initial_for_field(self.fields["seen_change"], "seen_change")
        )
        return data


def _first_values(changes: Iterable[Change]) -> dict[str, Any]:
    """What each field was before the first of these changes, oldest first."""
    first: dict[str, Any] = {}
    for change in changes:
        for name, pair in (change.fields or {}).items():
            first.setdefault(name, pair[0])
    return first


def _same(cleaned: Any, before: Any) -> bool:
    """Whether a cleaned value is the one the log has as text, list or flag."""
    if isinstance(cleaned, Product):
        return bool(cleaned.key == before)
    if isinstance(cleaned, list):
        return cleaned == (before or [])
    return bool(("" if cleaned is None else cleaned) == ("" if before is None else before))


def _posted(value: Any) -> list[str]:
    """As a browser would send it: a box that is not ticked sends nothing."""
    if isinstance(value, list):
        return value
    if isinstance(value, bool):
        return ["on"] if value else []
    return ["" if value is None else str(value)]
