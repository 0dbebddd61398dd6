"""The columns of a file beside what each can become: what a person chooses from, and has chosen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from accounts.models import Account
from bulk_uploads.column_targets import LEAVE_OUT, OffersTargets, Suggestion, Target, TargetGroup
from bulk_uploads.models import SavedMapping
from bulk_uploads.processors import Processor

#: Posted for a column that is taken as its header says, and is no part of the mapping.
AS_IT_IS: Final = "="
_SAMPLES: Final = 3
_LONGEST_SAMPLE: Final = 60
_LOOKED_THROUGH: Final = 20
_LEAST_SHARED: Final = 0.5
_REASONS: Final = {
    "own": "Known",
    "remembered": "As last time",
    "known": "Suggested",
    "similar": "Suggested",
}


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """One column of the file. `reason` says in a word why it stands as it stands."""

    field: str
    name: str
    samples: list[str]
    chosen: str
    reason: str
    is_known: bool
    own: list[Target]
    listed: frozenset[str]

    @property
    def is_left_out(self) -> bool:
        return self.chosen == LEAVE_OUT

    @property
    def unlisted(self) -> str:
        """What is chosen, where no list offers it: a mapping may name any header."""
        own = {target.value for target in self.own}
        return (
            ""
            if self.chosen in (LEAVE_OUT, AS_IT_IS) or self.chosen in (own | self.listed)
            else self.chosen
        )


@dataclass(frozen=True, slots=True)
class MappingTable:
    columns: list[ColumnChoice]
    groups: list[TargetGroup]

    @property
    def mapping(self) -> dict[str, str]:
        """Columns that are taken as they are need no word."""
        return {column.name: column.chosen for column in self.columns if column.chosen != AS_IT_IS}

    @property
    def taken(self) -> int:
        return sum(1 for column in self.columns if not column.is_left_out)


def mapping_table(
    *,
    account: Account,
    processor: OffersTargets,
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    remembered: Mapping[str, str],
    posted: Mapping[str, str] | None = None,
) -> MappingTable:
    """Of each named column of the file; of two of one name the first."""
    groups = processor.targets(account=account)
    listed = frozenset(target.value for group in groups for target in group.targets)
    suggestions = processor.suggestions(header=header, remembered=remembered)
    seen: set[str] = set()
    columns = []
    for place, name in enumerate(header):
        if not name or name in seen:
            continue
        seen.add(name)
        suggestion = suggestions[place]
        field = f"target-{place}"
        chosen = _suggested(suggestion) if posted is None else posted.get(field, LEAVE_OUT)
        columns.append(
            ColumnChoice(
                field=field,
                name=name,
                samples=_samples(rows, place),
                chosen=chosen.strip(),
                reason=_REASONS.get(suggestion.reason, "") if posted is None else "",
                is_known=suggestion.reason == "own",
                own=processor.own_targets(name),
                listed=listed,
            )
        )
    return MappingTable(columns, groups)


def _suggested(suggestion: Suggestion) -> str:
    return AS_IT_IS if suggestion.reason == "own" else suggestion.value


def _samples(rows: Sequence[Sequence[str]], place: int) -> list[str]:
    found = dict.fromkeys(
        text for row in rows if place < len(row) and (text := " ".join(row[place].split()))
    )
    return [
        text if len(text) <= _LONGEST_SAMPLE else text[: _LONGEST_SAMPLE - 1] + "…"
        for text in list(found)[:_SAMPLES]
    ]


def remembered_targets(
    *, account: Account, processor: Processor, header: Sequence[str], given: object
) -> dict[str, str]:
    """The mapping that was given, by itself or by name; else that one of the account's saved ones
    which shares most with the file."""
    if isinstance(given, dict):
        return {str(name): str(target or LEAVE_OUT) for name, target in given.items()}
    names = {_plain(name) for name in header if name}
    best: tuple[float, dict[str, str]] = (0.0, {})
    recent = SavedMapping.objects.for_account(account.pk).filter(processor_name=processor.name)
    if isinstance(given, str) and (named := recent.named(given).first()):
        return dict(named.mapping)
    for saved in recent.order_by("-updated_at")[:_LOOKED_THROUGH]:
        shared = sum(1 for name in saved.mapping if _plain(name) in names)
        share = shared / max(len(saved.mapping), 1)
        if share >= _LEAST_SHARED and share > best[0]:
            best = (share, saved.mapping)
    return best[1]


def _plain(name: str) -> str:
    return "".join(name.split()).casefold()
