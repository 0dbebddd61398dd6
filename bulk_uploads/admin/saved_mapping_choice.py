"""The saved mapping a new upload is given with: asked only of people whose accounts have some."""

from typing import TYPE_CHECKING

from django import forms
from django.db.models import QuerySet

from accounts.models import Account
from bulk_uploads.models import SavedMapping

if TYPE_CHECKING:
    _Base = forms.ModelChoiceField[SavedMapping]
else:
    _Base = forms.ModelChoiceField


class SavedMappingChoice(_Base):
    """Offers nothing until `offer` says whose."""

    def __init__(self) -> None:
        super().__init__(
            label="Saved mapping",
            queryset=SavedMapping.objects.none(),
            required=False,
            empty_label="None",
            widget=forms.Select(attrs={"class": "look-input"}),
        )
        self._names_account = False

    def offer(self, accounts: QuerySet[Account], *, names_account: bool) -> bool:
        """Whether there is anything to choose from."""
        self._names_account = names_account
        self.queryset = SavedMapping.objects.filter(account__in=accounts).select_related("account")
        return self.queryset.exists()

    def label_from_instance(self, obj: SavedMapping) -> str:
        return f"{obj.name} ({obj.account})" if self._names_account else obj.name
