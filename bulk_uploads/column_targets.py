"""What a processor can say of column mappings, for whoever checks or offers one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol, runtime_checkable

from accounts.models import Account

#: The target of a column that is left out on purpose.
LEAVE_OUT = ""


class Target(NamedTuple):
    """What a column can become: `value` stands in a mapping, `label` is for people."""

    value: str
    label: str


class TargetGroup(NamedTuple):
    label: str
    targets: Sequence[Target]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a column most likely is, and why. `value` "" where nothing comes near.

    `reason`: "own" for a column that needs no mapping, else "remembered", "known" or "similar".
    """

    value: str
    reason: str


class MappingProblem(NamedTuple):
    """What is wrong with a mapping for one file. A fatal one would end the upload."""

    message: str
    fatal: bool


@runtime_checkable
class OffersTargets(Protocol):
    """A processor whose files can be mapped column by column."""

    def mapping_problems(self, mapping: Mapping[str, str]) -> list[str]:
        """What is wrong with it whatever the file, all of it."""

    def label_of(self, target: str) -> str:
        """A target of a mapping for people."""

    def targets(self, *, account: Account) -> list[TargetGroup]:
        """What any column can become in this account."""

    def own_targets(self, column: str) -> list[Target]:
        """What a column of this name could become besides: something new, named after it."""

    def suggestions(
        self, *, header: Sequence[str], remembered: Mapping[str, str]
    ) -> list[Suggestion]:
        """For each column. `remembered` are targets of columns of earlier mappings."""

    def problems_for(
        self, *, header: Sequence[str], mapping: Mapping[str, str]
    ) -> list[MappingProblem]:
        """What an upload of a file with this header would say of its columns."""
