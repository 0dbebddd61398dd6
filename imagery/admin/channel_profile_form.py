"""The form of an account's own channel profile."""

from typing import Any

from django import forms
from django.utils.text import slugify

from imagery.models import ChannelProfile
from imagery.models.channel_profile import FORMATS

_RANGES = (
    ("least_fill", "most_fill"),
    ("least_longest_side", "most_longest_side"),
    ("least_fidelity", "advised_fidelity"),
    ("advised_softness", "most_softness"),
)


class ChannelProfileForm(forms.ModelForm[ChannelProfile]):
    formats = forms.MultipleChoiceField(
        choices=[(name, name) for name in FORMATS],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="None chosen: any is taken.",
    )

    class Meta:
        model = ChannelProfile
        fields = (
            "account",
            "channel",
            "title",
            "from_date",
            "source",
            "note",
            "least_width",
            "least_height",
            "least_longest_side",
            "most_longest_side",
            "zoom_longest_side",
            "advised_longest_side",
            "most_megapixels",
            "most_bytes",
            "aspect_width",
            "aspect_height",
            "formats",
            "needs_source_tag",
            "is_rendered",
            "needs_white",
            "least_fill",
            "most_fill",
            "advised_softness",
            "most_softness",
            "advised_fidelity",
            "least_fidelity",
        )

    def clean_channel(self) -> str:
        return str(slugify(self.cleaned_data["channel"]))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if (cleaned.get("aspect_width") is None) != (cleaned.get("aspect_height") is None):
            self.add_error("aspect_height", "An aspect has two sides: fill in both, or none.")
        for low, high in _RANGES:
            least, most = cleaned.get(low), cleaned.get(high)
            if least is not None and most is not None and least > most:
                label = self.fields[low].label or low
                self.add_error(high, f"This is less than “{str(label).lower()}”.")
        return cleaned
