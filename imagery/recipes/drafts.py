"""What a recipe shall become, and what is wrong with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from imagery.errors import ImageryError

Parameter = str | int | float | bool


@dataclass(frozen=True, slots=True)
class RungDraft:
    provider: str
    model: str = ""
    parameters: Mapping[str, Parameter] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StepDraft:
    """`role` is "" for a step on the way; `input_step` the name of the step whose picture it
    starts from, "" for the source photo. The first rung of the ladder is asked first."""

    name: str
    operation: str
    role: str = ""
    prompt_template: str = ""
    images: int = 1
    size: str = ""
    quality: str = ""
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    input_step: str = ""
    ladder: Sequence[RungDraft] = ()


@dataclass(frozen=True, slots=True)
class RecipeProblem:
    """`step` and `rung` count from 0; None is the recipe as a whole, or the step. `field` is the
    name of the draft's field."""

    field: str
    message: str
    step: int | None = None
    rung: int | None = None


class InvalidRecipe(ImageryError):
    """A recipe that could not be followed; nothing was saved. `problems` holds all of them."""

    def __init__(self, problems: Sequence[RecipeProblem]) -> None:
        super().__init__(" ".join(problem.message for problem in problems))
        self.problems = tuple(problems)


class UnknownRecipe(ImageryError):
    """The account has no recipe of this name, or it is archived."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no recipe {name!r}.")
