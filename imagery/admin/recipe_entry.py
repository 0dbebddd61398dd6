"""What a person enters of a recipe: read from the posted form, kept as it was, marked where wrong.

A step and a rung each have a token that names their inputs; the tokens' order is the order on the
page, so that cards can be added, moved and taken away by the browser alone.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from django.http import QueryDict

from imagery.recipes.drafts import Parameter, RecipeProblem, RungDraft, StepDraft

#: More than a recipe may have: what is beyond is refused by its own check, and not read at all.
_MOST_STEPS: Final = 20
_MOST_RUNGS: Final = 12
_TOKEN: Final = re.compile(r"[a-z0-9]{1,20}")
_WHOLE: Final = re.compile(r"-?\d{1,15}")
_DECIMAL: Final = re.compile(r"-?\d{1,15}\.\d{1,15}")
_WORDS: Final[Mapping[str, bool]] = {"true": True, "false": False}

Errors = dict[str, list[str]]


@dataclass(slots=True)
class RungEntry:
    token: str
    provider: str = ""
    model: str = ""
    parameters: str = ""
    errors: Errors = field(default_factory=dict)

    def draft(self) -> RungDraft:
        return RungDraft(self.provider, self.model.strip(), parameters_from(self.parameters))


@dataclass(slots=True)
class StepEntry:
    """`input_step` is the token of another step, "" for the source photo."""

    token: str
    name: str = ""
    role: str = ""
    operation: str = "generate"
    prompt_template: str = ""
    images: str = "1"
    size: str = ""
    quality: str = ""
    parameters: str = ""
    input_step: str = ""
    rungs: list[RungEntry] = field(default_factory=list)
    errors: Errors = field(default_factory=dict)

    def draft(self, names: Mapping[str, str]) -> StepDraft:
        return StepDraft(
            name=self.name.strip(),
            operation=self.operation,
            role=self.role,
            prompt_template=self.prompt_template.replace("\r\n", "\n").strip(),
            images=int(self.images) if _WHOLE.fullmatch(self.images.strip()) else 0,
            size=self.size.strip(),
            quality=self.quality.strip(),
            parameters=parameters_from(self.parameters),
            input_step=names.get(self.input_step, ""),
            ladder=[rung.draft() for rung in self.rungs],
        )


@dataclass(slots=True)
class RecipeEntry:
    name: str = ""
    description: str = ""
    note: str = ""
    steps: list[StepEntry] = field(default_factory=list)
    errors: Errors = field(default_factory=dict)

    @classmethod
    def posted(cls, data: QueryDict) -> "RecipeEntry":
        tokens = _tokens(data.getlist("step"), most=_MOST_STEPS)
        return cls(
            name=_text(data, "name").strip(),
            description=_text(data, "description").strip(),
            note=_text(data, "note").strip(),
            steps=[_step(data, token) for token in tokens],
        )

    @classmethod
    def of(cls, name: str, description: str, drafts: Iterable[StepDraft]) -> "RecipeEntry":
        steps = list(drafts)
        tokens = {step.name: f"s{number}" for number, step in enumerate(steps)}
        return cls(name, description, "", [_entry_of(step, tokens) for step in steps])

    @classmethod
    def empty(cls) -> "RecipeEntry":
        """One step to begin with, which the studio makes."""
        return cls(steps=[StepEntry("s0", rungs=[RungEntry("r0", provider="studio")])])

    def drafts(self) -> list[StepDraft]:
        names = {step.token: step.name.strip() for step in self.steps}
        return [step.draft(names) for step in self.steps]

    def mark(self, problems: Iterable[RecipeProblem]) -> None:
        """Put each problem where its field is."""
        for problem in problems:
            errors = self.errors
            if problem.step is not None:
                step = self.steps[problem.step]
                errors = step.errors if problem.rung is None else step.rungs[problem.rung].errors
            errors.setdefault(problem.field, []).append(problem.message)

    @property
    def is_wrong(self) -> bool:
        return bool(self.errors) or any(
            step.errors or any(rung.errors for rung in step.rungs) for step in self.steps
        )


def parameters_from(text: str) -> dict[str, Parameter]:
    """Lines such as "scale = 4"; numbers, true and false count as such unless quoted."""
    found: dict[str, Parameter] = {}
    for line in text.splitlines():
        name, _, value = line.partition("=")
        if name.strip():
            found[name.strip()] = _value(value.strip())
    return found


def parameters_as_text(parameters: Mapping[str, Parameter]) -> str:
    return "\n".join(f"{name} = {_as_text(value)}" for name, value in parameters.items())


def _value(text: str) -> Parameter:
    if len(text) > 1 and text[0] == text[-1] == '"':
        return text[1:-1]
    if _WHOLE.fullmatch(text):
        return int(text)
    return float(text) if _DECIMAL.fullmatch(text) else _WORDS.get(text, text)


def _as_text(value: Parameter) -> str:
    if not isinstance(value, str):
        return str(value).lower()
    return value if _value(value) == value else f'"{value}"'


def _entry_of(step: StepDraft, tokens: Mapping[str, str]) -> StepEntry:
    return StepEntry(
        token=tokens[step.name],
        name=step.name,
        role=step.role,
        operation=step.operation,
        prompt_template=step.prompt_template,
        images=str(step.images),
        size=step.size,
        quality=step.quality,
        parameters=parameters_as_text(step.parameters),
        input_step=tokens.get(step.input_step, ""),
        rungs=[
            RungEntry(f"r{place}", rung.provider, rung.model, parameters_as_text(rung.parameters))
            for place, rung in enumerate(step.ladder)
        ],
    )


def _step(data: QueryDict, token: str) -> StepEntry:
    def text(name: str) -> str:
        return _text(data, f"{token}-{name}")

    rungs = _tokens(data.getlist(f"{token}-rung"), most=_MOST_RUNGS)
    return StepEntry(
        token,
        name=text("name"),
        role=text("role"),
        operation=text("operation"),
        prompt_template=text("prompt_template"),
        # What makes one picture alone has no field to say so.
        images=text("images") or "1",
        size=text("size"),
        quality=text("quality"),
        parameters=text("parameters"),
        input_step=text("input_step"),
        rungs=[_rung(data, f"{token}-{rung}", rung) for rung in rungs],
    )


def _rung(data: QueryDict, prefix: str, token: str) -> RungEntry:
    return RungEntry(
        token,
        provider=_text(data, f"{prefix}-provider"),
        model=_text(data, f"{prefix}-model"),
        parameters=_text(data, f"{prefix}-parameters"),
    )


def _tokens(given: Iterable[str], *, most: int) -> list[str]:
    return [token for token in dict.fromkeys(given) if _TOKEN.fullmatch(token)][:most]


def _text(data: QueryDict, name: str) -> str:
    return data.get(name, "") or ""
