"""Text in a path or query that a database can look for."""

from typing import Annotated

from pydantic import AfterValidator, StringConstraints


def _without_nul(text: str) -> str:
    # PostgreSQL knows no such character, and refuses to look for it.
    if "\x00" in text:
        raise ValueError("Must not contain the character NUL")
    return text


Text = Annotated[str, StringConstraints(max_length=1000), AfterValidator(_without_nul)]
