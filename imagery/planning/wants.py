"""Wants: what makes one image what it is, and the hash that the same want is known by again."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

import orjson

from imagery.planning.recipe_plan import PlannedStep, RecipePlan
from imagery.planning.references import Reference
from imagery.planning.targets import ADJUSTMENT, Target
from imagery.recipes.templates import fill

#: Another number makes everything be bought again.
_SCHEME: Final = 1


@dataclass(frozen=True, slots=True)
class WantDraft:
    """`input_hash` is that of the want whose picture it starts from."""

    hash: str
    step: PlannedStep
    reference: Reference | None
    input_hash: str | None
    prompt: str
    image_number: int
    redo_number: int


def wants_of(
    plan: RecipePlan,
    target: Target,
    *,
    facts: Mapping[str, str],
    reference: Reference | None,
    roles: Collection[str] | None = None,
    redo_number: int = 0,
) -> Iterator[WantDraft]:
    """What the target wants of the recipe, each want behind the one that it starts from.

    `roles` leaves out the steps that these do not need. A redo is of the steps that deliver, and
    of the roles named: what they start from is not made again.
    """
    made: dict[int, list[str]] = {}
    for step in plan.delivering(roles):
        is_redone = bool(step.role) and (roles is None or step.role in roles)
        redo = redo_number if is_redone else 0
        prompt = fill(step.prompt_template, facts)
        if redo and prompt:
            prompt = f"{prompt} {target.inputs.get(ADJUSTMENT, '')}".rstrip()
        inputs = made[step.input_id] if step.input_id is not None else []
        for number in range(1, step.image_count(target.images) + 1):
            input_hash = inputs[(number - 1) % len(inputs)] if inputs else None
            start = reference if input_hash is None else None
            digest = want_hash(
                plan, target, step, start=start.identity if start else input_hash,
                prompt=prompt, image_number=number, redo_number=redo,
            )  # fmt: skip
            made.setdefault(step.id, []).append(digest)
            yield WantDraft(digest, step, start, input_hash, prompt, number, redo)


def want_hash(
    plan: RecipePlan,
    target: Target,
    step: PlannedStep,
    *,
    start: str | None,
    prompt: str,
    image_number: int,
    redo_number: int,
) -> str:
    """`start` is the photo's identity, or the hash of the want that it starts from."""
    said: list[Any] = [
        *(_SCHEME, target.sku, target.product_key, step.role, plan.version_id, step.id),
        *(start or "", prompt, dict(step.parameters), image_number, redo_number),
    ]
    return sha256(orjson.dumps(said, option=orjson.OPT_SORT_KEYS)).hexdigest()
