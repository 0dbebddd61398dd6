"""Preview notes: what a dry run finds that would change, of bounded size and added up in batches.

However a file is cut into batches, the sum of their notes is the same.
"""

import heapq
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

SAMPLE_ROWS = 50
MOST_FIELDS_A_ROW = 12
MOST_JUMPS = 50
MOST_NAMES = 50
LONGEST_TEXT = 160
# Knuth's multiplicative hash (The Art of Computer Programming, 6.4): the rows with the smallest
# values lie evenly over the file, and which they are does not depend on what else changes.
_MULTIPLIER, _MODULUS = 2_654_435_761, 2**32


#: Numbers by name, added up over a file.
Sums = Mapping[str, int]


class FieldChange(NamedTuple):
    """In people's words; "" for nothing."""

    field: str
    before: str
    after: str


class RowChange(NamedTuple):
    """What one row would change of `object_id`; `more` fields are left out."""

    row: int
    key: str
    object_id: int | None
    fields: tuple[FieldChange, ...]
    more: int = 0


class Jump(NamedTuple):
    """A number that would become much larger or smaller; `ratio` is None from or to zero."""

    row: int
    key: str
    object_id: int | None
    field: str
    before: str
    after: str
    ratio: float | None


class ChangedField(NamedTuple):
    """`noun` says of what: "variants"."""

    name: str
    noun: str


@dataclass(frozen=True, slots=True)
class PreviewNotes:
    """`new_names` are those that would be made, by kind: the first in the alphabet, one more than
    are shown. `rule` says which numbers count as jumps. In `sample` and `jumps` the first stay.
    `sums` are what rooms above count, by their names."""

    fields: Mapping[ChangedField, int] = field(default_factory=dict)
    sample: Sequence[RowChange] = ()
    jumps: Sequence[Jump] = ()
    jump_count: int = 0
    rule: str = ""
    new_names: Mapping[str, Sequence[str]] = field(default_factory=dict)
    sums: Mapping[str, Sums] = field(default_factory=dict)

    def __bool__(self) -> bool:
        said = (self.fields, self.sample, self.jump_count, *self.new_names.values())
        return any(said) or any(self.sums.values())

    def __add__(self, other: "PreviewNotes") -> "PreviewNotes":
        kinds = [*self.new_names, *(kind for kind in other.new_names if kind not in self.new_names)]
        return PreviewNotes(
            fields=Counter(self.fields) + Counter(other.fields),
            sample=sampled([*self.sample, *other.sample]),
            jumps=largest([*self.jumps, *other.jumps]),
            jump_count=self.jump_count + other.jump_count,
            rule=self.rule or other.rule,
            new_names={
                kind: first_names([*self.new_names.get(kind, ()), *other.new_names.get(kind, ())])
                for kind in kinds
            },
            sums={
                name: Counter(self.sums.get(name, {})) + Counter(other.sums.get(name, {}))
                for name in {**self.sums, **other.sums}
            },
        )

    def most_changed(self) -> list[tuple[ChangedField, int]]:
        return sorted(self.fields.items(), key=lambda pair: (-pair[1], pair[0]))

    def as_document(self) -> dict[str, Any]:
        return {
            "fields": [[*changed, count] for changed, count in self.most_changed()],
            "sample": [[*change[:3], change.fields, change.more] for change in self.sample],
            "jumps": self.jumps,
            "jump_count": self.jump_count,
            "rule": self.rule,
            "new_names": {kind: self.new_names[kind] for kind in sorted(self.new_names)},
            "sums": {name: dict(sorted(sums.items())) for name, sums in sorted(self.sums.items())},
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "PreviewNotes":
        return cls(
            fields={ChangedField(name, noun): n for name, noun, n in document.get("fields", ())},
            sample=[
                RowChange(row, key, object_id, tuple(FieldChange(*each) for each in fields), more)
                for row, key, object_id, fields, more in document.get("sample", ())
            ],
            jumps=[Jump(*jump) for jump in document.get("jumps", ())],
            jump_count=document.get("jump_count", 0),
            rule=document.get("rule", ""),
            new_names=document.get("new_names", {}),
            sums=document.get("sums", {}),
        )


def rank(row: int) -> int:
    """The rows of lowest rank make the sample."""
    return row * _MULTIPLIER % _MODULUS


def sampled(changes: Iterable[RowChange]) -> list[RowChange]:
    return heapq.nsmallest(SAMPLE_ROWS, changes, key=lambda change: rank(change.row))


def by_row(changes: Iterable[RowChange]) -> list[RowChange]:
    """As people read them: in the order of the file."""
    return sorted(changes, key=lambda change: change.row)


def largest(jumps: Iterable[Jump]) -> list[Jump]:
    """The furthest, up or down, first."""
    return heapq.nsmallest(MOST_JUMPS, jumps, key=_distance)


def first_names(names: Iterable[str]) -> list[str]:
    return sorted(set(names))[: MOST_NAMES + 1]


def cut(text: str) -> str:
    return text if len(text) <= LONGEST_TEXT else f"{text[: LONGEST_TEXT - 1]}…"


def far(ratio: float | None) -> float:
    """How far a number jumps, up or down alike."""
    return math.inf if ratio is None else abs(math.log(ratio))


def _distance(jump: Jump) -> tuple[float, int, str]:
    return (-far(jump.ratio), jump.row, jump.field)
