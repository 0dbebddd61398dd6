"""The form of an export: which rows, of which account, as what kind of file."""

from typing import Any

from django import forms

from accounts.access import Person
from bulk_uploads.admin.account_choice import AccountChoice
from catalog.exporting import ExportFormat

_MEANINGS = {
    ExportFormat.XLSX: "Opens in any spreadsheet; article numbers keep their digits.",
    ExportFormat.CSV: "For other programs, and for catalogs of any size.",
    ExportFormat.JSONL: "One object a variant, for programs.",
}


class ExportForm(forms.Form):
    def __init__(
        self, *args: Any, person: Person, permission: str, filtered: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        rows = [("everything", "Everything")]
        self.fields["what"] = forms.ChoiceField(
            label="What",
            choices=[("listed", "The list"), *rows] if filtered else rows,
            initial="listed" if filtered else "everything",
        )
        self.fields["format"] = forms.ChoiceField(
            label="Which kind of file?",
            choices=[(format.value, format.label) for format in _MEANINGS],
            initial=ExportFormat.XLSX.value,
            error_messages={"required": "Choose a kind of file."},
        )
        account = self.fields["account"] = AccountChoice()
        self.asks_account = account.offer(person, permission)

    @property
    def formats(self) -> list[dict[str, str]]:
        """For the page: value, label and meaning of each kind of file."""
        return [
            {"value": format.value, "label": format.label, "meaning": meaning}
            for format, meaning in _MEANINGS.items()
        ]
