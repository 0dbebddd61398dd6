"""Who did something to the catalog, in words: an upload and its row, a person, a token, an undo."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from accounts.models import ApiToken, User


class Deed(Protocol):
    """A change, or what is known of one."""

    @property
    def upload_id(self) -> int | None: ...
    @property
    def undo_of_id(self) -> int | None: ...
    @property
    def row(self) -> int | None: ...
    @property
    def user_id(self) -> int | None: ...
    @property
    def token_id(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class ActorNames:
    """Names of the people and tokens that were asked for, by id."""

    people: dict[int, str]
    tokens: dict[int, str]

    @classmethod
    def load(cls, deeds: Iterable[Deed]) -> "ActorNames":
        """One query for the people and one for the tokens, where there are any."""
        known = list(deeds)
        user_ids = {deed.user_id for deed in known if deed.user_id is not None}
        token_ids = {deed.token_id for deed in known if deed.token_id is not None}
        people = User.objects.filter(pk__in=user_ids) if user_ids else ()
        tokens = ApiToken.objects.filter(pk__in=token_ids) if token_ids else ()
        return cls(
            people={person.pk: person.get_full_name() or person.username for person in people},
            tokens={token.pk: f"{token.name} (API token)" for token in tokens},
        )

    def of(self, deed: Deed) -> str:
        """Such as "Upload 12, row 3", "Priya Nair" or "Undo of upload 12 (Priya Nair)"."""
        if deed.upload_id is not None:
            return of_upload(deed.upload_id, deed.row)
        person = self.person(deed)
        if deed.undo_of_id is not None:
            return f"Undo of upload {deed.undo_of_id}" + (f" ({person})" if person else "")
        return person or "Somebody who left"

    def person(self, deed: Deed) -> str:
        """Who did it, or (of a token) whose program; "" where nobody in particular did."""
        if deed.user_id is not None:
            return self.people.get(deed.user_id, "")
        return self.tokens.get(deed.token_id, "") if deed.token_id is not None else ""


def of_upload(upload_id: int, row: int | None) -> str:
    return f"Upload {upload_id}" + (f", row {row:,}" if row else "")
