"""Options of uploads that rooms above add to a processor: what follows the import is theirs."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from accounts.models import Account


@dataclass(frozen=True, slots=True)
class AddedOption:
    """`processors` are the names of those that it goes with.

    `problem_with` says what is wrong with a value for an account, beginning with a verb, None if
    nothing is. `choices` are (value, label) for the form of somebody with these accounts; the first
    is what holds where nothing is chosen, and is not handed on. `in_words` is what an upload's page
    says of a value.
    """

    name: str
    label: str
    help_text: str
    processors: frozenset[str]
    problem_with: Callable[[Account, object], str | None]
    choices: Callable[[QuerySet[Account]], Sequence[tuple[str | int, str]]]
    in_words: Callable[[object], str]


_added: dict[str, AddedOption] = {}


def register(option: AddedOption) -> None:
    """Called by a room as it gets ready; a name can be taken once."""
    if _added.setdefault(option.name, option) is not option:
        raise ValueError(f"option {option.name!r} is added already")


def added_to(processor_name: str) -> Mapping[str, AddedOption]:
    """By name, those that go with this processor."""
    return {name: option for name, option in _added.items() if processor_name in option.processors}


def added_option(name: str) -> AddedOption | None:
    return _added.get(name)


def added_options() -> list[AddedOption]:
    """In the order they were added."""
    return list(_added.values())
