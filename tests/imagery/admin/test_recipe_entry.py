"""What is entered of a recipe: read as posted, kept as it was, marked where it is wrong."""

import pytest
from django.http import QueryDict

from imagery.admin.recipe_entry import RecipeEntry, parameters_as_text, parameters_from
from imagery.recipes.drafts import RecipeProblem, RungDraft, StepDraft

CUT_OUT = StepDraft(
    name="cut-out",
    operation="remove_background",
    role="cutout",
    parameters={"scale": 4},
    ladder=[RungDraft("studio"), RungDraft("pixelapi", "v2", {"fast": True})],
)
LIFESTYLE = StepDraft(
    name="lifestyle",
    operation="replace_background",
    role="lifestyle",
    prompt_template="{title} in a room.",
    images=2,
    size="1024x1024",
    quality="high",
    input_step="cut-out",
    ladder=[RungDraft("studio")],
)


def posted(**fields: str | list[str]) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, value in fields.items():
        data.setlist(name.replace("__", "-"), value if isinstance(value, list) else [value])
    return data


def test_what_was_saved_comes_back_as_it_was():
    entry = RecipeEntry.of("pipeline", "Two steps.", [CUT_OUT, LIFESTYLE])

    assert entry.drafts() == [CUT_OUT, LIFESTYLE]


def test_cards_are_read_in_the_order_of_the_page():
    entry = RecipeEntry.posted(
        posted(
            name=" hero ",
            step=["n2", "s0"],
            n2__name="last",
            n2__operation="generate",
            n2__input_step="s0",
            n2__images="3",
            n2__prompt_template="{title}\r\non white",
            n2__rung=["b", "a"],
            n2__a__provider="studio",
            n2__b__provider="openai",
            n2__b__model=" gpt-image-1 ",
            s0__name="first",
            s0__operation="remove_background",
        )
    )

    assert entry.name == "hero"
    assert entry.drafts() == [
        StepDraft(
            name="last",
            operation="generate",
            prompt_template="{title}\non white",
            images=3,
            input_step="first",
            ladder=[RungDraft("openai", "gpt-image-1"), RungDraft("studio")],
        ),
        StepDraft(name="first", operation="remove_background", ladder=[]),
    ]


def test_tokens_that_no_page_of_ours_makes_are_not_read():
    entry = RecipeEntry.posted(posted(step=["../x", "S0", "s0", "s0", ""], s0__name="one"))

    assert [step.name for step in entry.steps] == ["one"]


def test_no_more_is_read_than_could_be_a_recipe():
    rungs = [f"r{number}" for number in range(1000)]
    tokens = [f"s{number}" for number in range(1000)]

    entry = RecipeEntry.posted(posted(step=tokens, s0__rung=rungs))

    assert (len(entry.steps), len(entry.steps[0].rungs)) == (20, 12)


@pytest.mark.parametrize("images", ["", "many", "-1", "1.5"])
def test_a_number_of_images_that_is_none_is_kept_for_the_person(images):
    entry = RecipeEntry.posted(posted(step=["s0"], s0__images=images))

    assert entry.steps[0].images == (images or "1")
    assert entry.drafts()[0].images == {"": 1, "-1": -1}.get(images, 0)


def test_an_input_that_is_no_step_is_the_source_photo():
    entry = RecipeEntry.posted(posted(step=["s0"], s0__name="one", s0__input_step="s9"))

    assert entry.drafts()[0].input_step == ""


def test_problems_stand_where_their_fields_are():
    entry = RecipeEntry.of("pipeline", "", [CUT_OUT, LIFESTYLE])
    assert not entry.is_wrong

    entry.mark(
        [
            RecipeProblem("steps", "Too many."),
            RecipeProblem("role", "Taken.", 1),
            RecipeProblem("model", "Unknown.", 0, 1),
        ]
    )

    assert entry.is_wrong
    assert entry.errors == {"steps": ["Too many."]}
    assert entry.steps[1].errors == {"role": ["Taken."]}
    assert entry.steps[0].rungs[1].errors == {"model": ["Unknown."]}


def test_parameters_are_lines_of_names_and_values():
    text = 'scale = 4\nscene=oak\n\nfast = true\n=nothing\nratio = 0.5\ncode = "007"\nempty ='

    assert parameters_from(text) == {
        "scale": 4,
        "scene": "oak",
        "fast": True,
        "ratio": 0.5,
        "code": "007",
        "empty": "",
    }


@pytest.mark.parametrize(
    "value", [4, 0.5, True, False, "oak", "4", "true", "", '"quoted"', "a = b"]
)
def test_a_parameter_is_written_so_that_it_is_read_the_same(value):
    read = parameters_from(parameters_as_text({"name": value}))

    assert (read["name"], type(read["name"])) == (value, type(value))
