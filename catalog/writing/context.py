"""Who writes into which account, when, and through which database's way."""

from dataclasses import dataclass
from datetime import datetime

from bulk_sql import Tables


@dataclass(frozen=True, slots=True)
class Actor:
    """An upload (its rows are named change by change), a person, or an API token.

    `undo_of` is the upload being taken back; beside it stands who asked for that, if anybody.
    """

    upload_id: int | None = None
    user_id: int | None = None
    token_id: int | None = None
    undo_of: int | None = None


@dataclass(frozen=True, slots=True)
class WriteContext:
    account_id: int
    actor: Actor
    now: datetime
    tables: Tables
