"""What targets want, looked up without writing anything: for estimates, previews and chunks."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from imagery.models import Want, WantState
from imagery.planning import references
from imagery.planning.recipe_plan import RecipePlan
from imagery.planning.references import Reference
from imagery.planning.targets import Target
from imagery.planning.wants import WantDraft, wants_of
from imagery.recipes.variant_facts import (
    IMAGE_URL,
    UNKNOWN,
    Photo,
    VariantFacts,
    variant_facts,
    with_inputs,
)

#: A redo number that no want has: whatever is redone is missing.
NEVER_REDONE: Final = -1
#: Step id and number of images that are missing -> of how many targets.
Missing = Counter[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Known:
    """Of one target: its photo, and the facts for its prompts."""

    target: Target
    photo: Photo | None
    facts: Mapping[str, str]


@dataclass(slots=True)
class Count:
    """Images: `wanted` in all, of which `already_there` need no call; `missing` is the rest.
    `targets` are those that they are wanted of."""

    targets: int = 0
    wanted: int = 0
    already_there: int = 0
    missing: Missing = field(default_factory=Counter)

    def __add__(self, other: "Count") -> "Count":
        return Count(
            self.targets + other.targets,
            self.wanted + other.wanted,
            self.already_there + other.already_there,
            self.missing + other.missing,
        )

    def take(self, wants: Sequence[WantDraft], states: Mapping[str, str]) -> None:
        """Those of one target; `states` are of the wants that exist."""
        self.targets += 1
        self.wanted += len(wants)
        lacking: Counter[int] = Counter()
        for want in wants:
            state = states.get(want.hash, WantState.EXHAUSTED)
            if state == WantState.EXHAUSTED:
                lacking[want.step.id] += 1
            else:
                self.already_there += 1
        self.missing.update(lacking.items())


def known_of(*, account_id: int, targets: Sequence[Target]) -> list[Known]:
    """Five queries at most, whatever the number of targets."""
    variants = variant_facts(
        account_id=account_id, skus={target.sku for target in targets if target.sku}
    )
    given = {url for target in targets if (url := target.inputs.get(IMAGE_URL, "").strip())}
    photos = references.fetched_photos(account_id=account_id, urls=given) if given else {}
    return [_known(target, variants.get(target.sku, UNKNOWN), photos) for target in targets]


def _known(target: Target, variant: VariantFacts, photos: Mapping[str, Photo]) -> Known:
    given = target.inputs.get(IMAGE_URL, "").strip()
    return Known(
        target=target,
        photo=photos[given] if given else variant.photo,
        facts=with_inputs(variant, target.sku, target.inputs),
    )


def wants_of_known(
    plan: RecipePlan,
    known: Known,
    photos: Mapping[str, Reference],
    *,
    roles: Collection[str] | None = None,
    redo_number: int = 0,
) -> list[WantDraft]:
    reference = photos[known.photo.url] if known.photo else None
    return list(
        wants_of(
            plan, known.target, facts=known.facts, reference=reference, roles=roles,
            redo_number=redo_number,
        )
    )  # fmt: skip


def count_wanted(
    *,
    plan: RecipePlan,
    targets: Sequence[Target],
    roles: Collection[str] | None = None,
    only_new: bool = False,
    is_redo: bool = False,
) -> Count:
    """What would be planned for these targets now. Eight queries at most; writes nothing.

    `only_new` leaves out targets of which every want is known.
    """
    known = known_of(account_id=plan.account_id, targets=targets)
    photos = references.look_up(
        account_id=plan.account_id, photos=[each.photo for each in known if each.photo]
    )
    redo = NEVER_REDONE if is_redo else 0
    wants = [wants_of_known(plan, each, photos, roles=roles, redo_number=redo) for each in known]
    states = states_of(plan.account_id, (want.hash for one in wants for want in one))
    count = Count()
    for one in wants:
        if only_new and all(want.hash in states for want in one):
            continue
        count.take(one, states)
    return count


def states_of(account_id: int, hashes: Iterable[str]) -> dict[str, str]:
    """Of the wants that exist, by hash. One query."""
    found = Want.objects.filter(account_id=account_id, hash__in=list(dict.fromkeys(hashes)))
    return dict(found.values_list("hash", "state"))
