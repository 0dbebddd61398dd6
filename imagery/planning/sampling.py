"""Which SKUs a pilot is made of: some of every category, and those that are likely to go wrong."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from hashlib import sha256
from itertools import zip_longest
from typing import Final, NamedTuple

from accounts.models import Account
from imagery.planning.chunk_sizes import chunks_of
from imagery.planning.looking_up import Known, known_of
from imagery.planning.targets import Target
from imagery.recipes.templates import ATTRIBUTE

#: Colours that are hard to tell from what is behind them.
_HARD_COLOURS: Final = ("white", "clear", "transparent", "glass", "silver", "cream", "ivory")
_COLOUR_NAMES: Final = ("color", "colour")


class Candidate(NamedTuple):
    """What is looked at of a target; `shelf` is "" without a category."""

    place: int
    key: str
    shelf: str
    has_photo: bool
    title_length: int
    colour: str


def choose(*, account: Account, targets: Sequence[Target], n: int) -> list[Target]:
    """`n` of them, or all there are; the same ones for the same targets."""
    candidates: list[Candidate] = []
    for chunk in chunks_of(targets):
        known = known_of(account_id=account.pk, targets=chunk)
        candidates += [candidate(len(candidates) + i, each) for i, each in enumerate(known)]
    return [targets[each.place] for each in chosen(candidates, n)]


def candidate(place: int, known: Known) -> Candidate:
    facts = known.facts
    colour = next((facts[key] for name in _COLOUR_NAMES if (key := ATTRIBUTE + name) in facts), "")
    return Candidate(
        place=place,
        key=known.target.sku or known.target.product_key,
        shelf=facts.get("category", ""),
        has_photo=known.photo is not None,
        title_length=len(facts.get("title", "")),
        colour=colour.lower(),
    )


def chosen(candidates: Iterable[Candidate], n: int) -> list[Candidate]:
    """One of each difficulty first, then one of each category in turn, the largest first; in the
    order of the targets."""
    shuffled = sorted(candidates, key=lambda each: (sha256(each.key.encode()).digest(), each.place))
    picked = {each.place: each for each in _difficult(shuffled)[:n]}
    for each in _across_shelves(shuffled):
        if len(picked) >= n:
            break
        picked[each.place] = each
    return sorted(picked.values())


def _difficult(shuffled: Sequence[Candidate]) -> list[Candidate]:
    longest = sorted(shuffled, key=lambda each: -each.title_length)
    cases = (
        (each for each in shuffled if not each.has_photo),
        (each for each in shuffled if any(word in each.colour for word in _HARD_COLOURS)),
        iter(longest),
        (each for each in shuffled if not each.shelf),
        (each for each in shuffled if not each.colour),
    )
    found: dict[int, Candidate] = {}
    for case in cases:
        one = next((each for each in case if each.place not in found), None)
        if one is not None:
            found[one.place] = one
    return list(found.values())


def _across_shelves(shuffled: Sequence[Candidate]) -> list[Candidate]:
    shelves: defaultdict[str, list[Candidate]] = defaultdict(list)
    for each in shuffled:
        shelves[each.shelf].append(each)
    largest_first = sorted(shelves.items(), key=lambda shelf: (-len(shelf[1]), shelf[0]))
    rounds = zip_longest(*(found for _, found in largest_first))
    return [each for one in rounds for each in one if each is not None]
