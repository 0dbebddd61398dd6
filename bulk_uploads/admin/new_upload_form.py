"""The form behind "New upload": a file, what shall be made of it, and how."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile as PostedFile

from accounts.access import Person, accounts_for
from accounts.models import User
from bulk_uploads.added_options import AddedOption, added_options, added_to
from bulk_uploads.admin.account_choice import AccountChoice
from bulk_uploads.admin.saved_mapping_choice import SavedMappingChoice
from bulk_uploads.column_targets import OffersTargets
from bulk_uploads.errors import BulkUploadError, InvalidOptions
from bulk_uploads.file_keeping import keep_file
from bulk_uploads.imports import imports_processor
from bulk_uploads.layouts import NO_LAYOUT
from bulk_uploads.models import BulkUpload, UploadedFile
from bulk_uploads.options import USUAL_ABSENT_SHARE
from bulk_uploads.processors import registered_processors
from bulk_uploads.services import create_upload

ADD_PERMISSION = "bulk_uploads.add_bulkupload"

#: What each option is where nothing is said: only what differs is handed on.
_UNSAID: dict[str, object] = {
    "dry_run": False,
    "update_existing": True,
    "on_error": "skip_rows",
    "blank_cells": "keep",
    "decimal_comma": False,
    "mode": "set",
    "replace": False,
    "absent": "keep",
    "absent_share": USUAL_ABSENT_SHARE,
    "layout": "auto",
    "mapping": None,
    "sheet": "",
}
_FIELD_OF_ATTRIBUTE = {"bulk_upload_processor": "processor_name", "file": "file"}


class NewUploadForm(forms.Form):
    file = forms.FileField(
        allow_empty_file=True, error_messages={"required": "Choose the file to upload."}
    )
    dry_run = forms.BooleanField(required=False)
    update_existing = forms.BooleanField(required=False, initial=True)
    on_error = forms.ChoiceField(
        label="If a row cannot be taken",
        required=False,
        initial="skip_rows",
        choices=[
            ("skip_rows", "Leave that row out and go on"),
            ("abort", "All or nothing: check everything first, write only if no row fails"),
        ],
    )
    blank_cells = forms.ChoiceField(
        label="A blank cell",
        required=False,
        initial="keep",
        choices=[("keep", "Keeps the stored value"), ("clear", "Empties the stored value")],
    )
    absent = forms.ChoiceField(
        label="What the file does not name",
        required=False,
        initial="keep",
        choices=[
            ("keep", "Stays as it is: the file holds a part of what there is"),
            ("deactivate", "Is deactivated at the end: the file holds all there is"),
        ],
    )
    absent_share = forms.IntegerField(
        label="Deactivate at most, in percent",
        required=False,
        initial=USUAL_ABSENT_SHARE,
        min_value=0,
        max_value=100,
    )
    decimal_comma = forms.BooleanField(required=False)
    sheet = forms.CharField(label="Sheet of the workbook", required=False, max_length=255)
    mode = forms.ChoiceField(
        label="A quantity in the file",
        required=False,
        initial="set",
        choices=[("set", "Is what lies there now"), ("adjust", "Is added to what lies there")],
    )
    replace = forms.BooleanField(required=False)
    layout = forms.ChoiceField(
        label="A file of another shop system",
        required=False,
        initial="auto",
        choices=[
            ("auto", "Is recognised and read as what it is"),
            (NO_LAYOUT, "Is taken as its headers say"),
        ],
    )
    saved_mapping = SavedMappingChoice()
    mapping = forms.JSONField(
        label="Column mapping",
        required=False,
        error_messages={
            "invalid": 'Write it as {"Column in the file": "field"}, with double quotes.'
        },
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        usual = imports_processor().name
        # What most files hold comes first, and is chosen where nothing was.
        self.processors = sorted(registered_processors(), key=lambda each: each.name != usual)
        self.processors_understanding = [
            (each, sorted(each.options | added_to(each.name).keys())) for each in self.processors
        ]
        self.mappable = {each.name for each in self.processors if isinstance(each, OffersTargets)}
        self._add_options(person)
        self.fields["processor_name"] = forms.ChoiceField(
            label="What is in the file?",
            choices=[(processor.name, processor.label) for processor in self.processors],
            error_messages={"required": "Choose what is in the file."},
        )
        account = self.fields["account"] = AccountChoice()
        self.asks_account = account.offer(person, ADD_PERMISSION)
        saved = self.fields["saved_mapping"]
        self.has_saved_mappings = isinstance(saved, SavedMappingChoice) and saved.offer(
            accounts_for(person, ADD_PERMISSION), names_account=self.asks_account
        )

    def _add_options(self, person: Person) -> None:
        """What rooms above add: a choice each, whose first entry says nothing."""
        accounts = accounts_for(person, ADD_PERMISSION)
        self.added: list[AddedOption] = added_options()
        self._values: dict[str, dict[str, str | int]] = {}
        for option in self.added:
            choices = option.choices(accounts)
            self._values[option.name] = {str(value): value for value, _ in choices[1:]}
            self.fields[option.name] = forms.ChoiceField(
                label=option.label,
                help_text=option.help_text,
                required=False,
                choices=[(str(value), label) for value, label in choices],
                widget=forms.Select(attrs={"class": "look-input"}),
            )

    def added_fields(self) -> list[forms.BoundField]:
        return [self[each.name] for each in self.added]

    def options(self) -> dict[str, object]:
        """What the person said that differs from what holds anyway. The form must be valid."""
        given = {name: self.cleaned_data[name] for name in _UNSAID}
        # Left out of the post, as a script hides what the processor does not understand.
        for name in ("on_error", "blank_cells", "absent", "mode", "layout"):
            given[name] = given[name] or _UNSAID[name]
        if given["absent"] == "keep" or given["absent_share"] is None:
            given["absent_share"] = USUAL_ABSENT_SHARE
        if "update_existing-asked" not in self.data:
            given["update_existing"] = True
        if saved := self.cleaned_data.get("saved_mapping"):
            given["mapping"] = saved.name
        said = {name: value for name, value in given.items() if value != _UNSAID[name]}
        for name, values in self._values.items():
            if (chosen := self.cleaned_data[name]) in values:
                said[name] = values[chosen]
        return said

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("saved_mapping") and cleaned.get("mapping"):
            self.add_error("mapping", "Choose a saved mapping or write one, not both.")
        return cleaned

    def keep(self, *, created_by: User) -> UploadedFile | None:
        """The file, stored to be looked at first; None if it was refused."""
        content: PostedFile[bytes] = self.cleaned_data["file"]
        try:
            return keep_file(
                account=self.cleaned_data["account"],
                content=content,
                name=content.name or "file",
                content_type=content.content_type or "",
                created_by=created_by,
            )
        except BulkUploadError as error:
            self.add_error(_FIELD_OF_ATTRIBUTE.get(error.attribute_name), error.messages)
        return None

    def create(self, *, created_by: User) -> BulkUpload | None:
        """The upload; None if it was refused, which the form's errors then explain."""
        content: PostedFile[bytes] = self.cleaned_data["file"]
        try:
            return create_upload(
                account=self.cleaned_data["account"],
                content=content,
                name=content.name or "file",
                content_type=content.content_type or "",
                processor_name=self.cleaned_data["processor_name"],
                options=self.options() or None,
                created_by=created_by,
            )
        except InvalidOptions as error:
            for name, texts in error.errors.items():
                self.add_error(name if name in self.fields else None, texts)
        except BulkUploadError as error:
            self.add_error(_FIELD_OF_ATTRIBUTE.get(error.attribute_name), error.messages)
        return None
