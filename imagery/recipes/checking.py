"""Whether a recipe can be followed: everything that would fail at run time is found here."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from imagery.models.recipe import MOST_IMAGES
from imagery.models.role import PRODUCT_ROLES, Role
from imagery.providers import registry
from imagery.providers.dialect import CannotSay
from imagery.providers.protocol import ImageRequest, Operation, Reference
from imagery.recipes.drafts import Parameter, RecipeProblem, RungDraft, StepDraft
from imagery.recipes.templates import TemplateProblem, check_template

MOST_STEPS: Final = 12
MOST_RUNGS: Final = 8
_MOST_PARAMETERS: Final = 20
_LONGEST: Final = {"name": 60, "prompt_template": 4_000, "size": 30, "quality": 30}
_LONGEST_RUNG: Final = {"provider": 40, "model": 100}
_LONGEST_PARAMETER: Final = {"name": 60, "value": 500}
_NAME: Final = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
_LONGEST_RECIPE: Final = {"name": 60, "description": 300, "note": 300}
_OPERATIONS: Final = frozenset(each.value for each in Operation)
#: Made of a picture: without one there is nothing to work on, and more than one is the same again.
_OF_ONE: Final = frozenset({Operation.REMOVE_BACKGROUND, Operation.UPSCALE})


def makes_several(operation: str) -> bool:
    """Whether another image of the same request is another picture."""
    return operation not in _OF_ONE


def problems_of(
    *, name: str, description: str, note: str, steps: Sequence[StepDraft]
) -> list[RecipeProblem]:
    """All of them, in the order of the form."""
    return [
        *_of_the_whole(name=name, description=description, note=note, steps=steps),
        *(
            problem
            for number, step in enumerate(steps)
            for problem in (
                *_of_step(number, step),
                *_of_input(number, steps),
                *_of_ladder(number, step),
            )
        ),
    ]


def _of_the_whole(
    *, name: str, description: str, note: str, steps: Sequence[StepDraft]
) -> Iterator[RecipeProblem]:
    if not _NAME.fullmatch(name):
        text = "Name it in small letters, digits, hyphens and underscores, such as hero-on-white."
        yield RecipeProblem("name", text)
    for field, text in (("name", name), ("description", description), ("note", note)):
        if problem := _text_problem(text, longest=_LONGEST_RECIPE[field]):
            yield RecipeProblem(field, problem)
    if not steps:
        yield RecipeProblem("steps", "A recipe needs at least one step.")
    elif not any(step.role for step in steps):
        yield RecipeProblem("steps", "No step has a role, so nothing would be delivered.")
    if len(steps) > MOST_STEPS:
        yield RecipeProblem("steps", f"A recipe has at most {MOST_STEPS} steps.")
    names = [step.name for step in steps]
    taken = {step.input_step for step in steps}
    roles = [step.role for step in steps if step.role]
    for number, step in enumerate(steps):
        if step.name and step.name in names[:number]:
            yield RecipeProblem("name", "Another step has this name.", number)
        if step.role and roles.count(step.role) > 1:
            yield RecipeProblem("role", "Each role is delivered by one step.", number)
        if step.name and not step.role and step.name not in taken:
            text = "Give it a role, or another step that starts from its picture."
            yield RecipeProblem("role", text, number)


def _of_step(number: int, step: StepDraft) -> Iterator[RecipeProblem]:
    if not step.name.strip():
        yield RecipeProblem("name", "Name the step.", number)
    for field, longest in _LONGEST.items():
        if problem := _text_problem(getattr(step, field), longest=longest):
            yield RecipeProblem(field, problem, number)
    if step.role and step.role not in Role.values:
        yield RecipeProblem("role", f"There is no role {step.role!r}.", number)
    elif step.role in PRODUCT_ROLES:
        text = "It is drawn from the pictures of a product's variants, by no recipe."
        yield RecipeProblem("role", text, number)
    if step.operation not in _OPERATIONS:
        yield RecipeProblem("operation", "Choose what is done.", number)
        return
    if not 1 <= step.images <= MOST_IMAGES:
        yield RecipeProblem("images", f"Ask for 1 to {MOST_IMAGES} images.", number)
    elif step.images > 1 and not makes_several(step.operation):
        yield RecipeProblem("images", "It would be the same picture again: ask for 1.", number)
    if step.operation == Operation.GENERATE and not step.prompt_template.strip():
        yield RecipeProblem("prompt_template", "Say what shall be in the picture.", number)
    try:
        check_template(step.prompt_template)
    except TemplateProblem as problem:
        yield RecipeProblem("prompt_template", str(problem), number)
    yield from _of_parameters(step.parameters, number)


def _of_input(number: int, steps: Sequence[StepDraft]) -> Iterator[RecipeProblem]:
    wanted = steps[number].input_step
    if not wanted:
        return
    inputs = {step.name: step.input_step for step in steps}
    if wanted not in inputs:
        yield RecipeProblem("input_step", f"There is no step {wanted!r}.", number)
        return
    seen = [steps[number].name]
    while wanted:
        if wanted in seen:
            yield RecipeProblem("input_step", "It would start from its own picture.", number)
            return
        seen.append(wanted)
        wanted = inputs.get(wanted, "")


def _of_ladder(number: int, step: StepDraft) -> Iterator[RecipeProblem]:
    if not step.ladder:
        yield RecipeProblem("ladder", "Name at least one provider.", number)
    if len(step.ladder) > MOST_RUNGS:
        yield RecipeProblem("ladder", f"A ladder has at most {MOST_RUNGS} providers.", number)
    asked = [(rung.provider, rung.model) for rung in step.ladder]
    for place, rung in enumerate(step.ladder):
        if asked[place] in asked[:place]:
            yield RecipeProblem("provider", "It is on this ladder already.", number, place)
        yield from _of_rung(number, step, place, rung)


def _of_rung(number: int, step: StepDraft, place: int, rung: RungDraft) -> Iterator[RecipeProblem]:
    for field, longest in _LONGEST_RUNG.items():
        if too_long := _text_problem(getattr(rung, field), longest=longest):
            yield RecipeProblem(field, too_long, number, place)
    is_sound = True
    for problem in _of_parameters(rung.parameters, number, place):
        is_sound = False
        yield problem
    if rung.provider not in registry.known_names():
        known = ", ".join(registry.known_names())
        text = f"There is no provider {rung.provider!r}. There are: {known}."
        yield RecipeProblem("provider", text, number, place)
    elif is_sound and step.operation in _OPERATIONS and not any(_of_parameters(step.parameters, 0)):
        try:
            registry.require_sayable(rung.provider, _request(step, rung))
        except CannotSay as refusal:
            field = _FIELD_OF_REFUSAL.get(refusal.code, "provider")
            yield RecipeProblem(field, refusal.reason, number, place)


_FIELD_OF_REFUSAL: Final = {
    "parameter_not_sendable": "parameters",
    "model_missing": "model",
}


def _request(step: StepDraft, rung: RungDraft) -> ImageRequest:
    """Such as a call of this rung would be."""
    return ImageRequest(
        operation=Operation(step.operation),
        model=rung.model,
        prompt=step.prompt_template,
        images=1,
        size=step.size or None,
        quality=step.quality or None,
        parameters={**step.parameters, **rung.parameters},
        reference=Reference("https://photos.example.com/1.png", b"PNG", "image/png"),
        idempotency_key="check",
    )


def _of_parameters(
    parameters: Mapping[str, Parameter], step: int, rung: int | None = None
) -> Iterator[RecipeProblem]:
    if len(parameters) > _MOST_PARAMETERS:
        text = f"There are at most {_MOST_PARAMETERS} parameters."
        yield RecipeProblem("parameters", text, step, rung)
    for name, value in parameters.items():
        if not isinstance(name, str) or not name.strip() or len(name) > _LONGEST_PARAMETER["name"]:
            yield RecipeProblem("parameters", "A parameter's name is too long.", step, rung)
        elif not isinstance(value, str | int | float | bool):
            text = f"{name}: expected a text, a number, true or false."
            yield RecipeProblem("parameters", text, step, rung)
        elif len(str(value)) > _LONGEST_PARAMETER["value"]:
            yield RecipeProblem("parameters", f"{name}: the value is too long.", step, rung)


def _text_problem(text: str, *, longest: int) -> str | None:
    if len(text) > longest:
        return f"It has more than {longest:,} characters."
    if "\0" in text:
        return "It holds a character that no text has."
    return None
