"""The account a new row is for: asked only of people who have the choice."""

from typing import TYPE_CHECKING

from django import forms

from accounts.access import Person, accounts_for
from accounts.models import Account

if TYPE_CHECKING:
    _Base = forms.ModelChoiceField[Account]
else:
    _Base = forms.ModelChoiceField


class AccountChoice(_Base):
    """Offers nothing until `offer` says to whom."""

    def __init__(self) -> None:
        super().__init__(
            queryset=Account.objects.none(),
            empty_label=None,
            widget=forms.Select(attrs={"class": "look-input"}),
        )

    def offer(self, person: Person, permission: str) -> bool:
        """Whether there is a choice. A person's only account is taken without asking."""
        self.queryset = accounts_for(person, permission)
        first_two = list(self.queryset[:2])
        if len(first_two) == 1:
            self.initial = first_two[0].pk
            self.disabled = True
        return len(first_two) > 1
