"""Prompt templates: what may stand in them, and what becomes of what is missing."""

import pytest

from imagery.recipes.templates import TemplateProblem, check_template, fill, placeholders_of

FACTS = {"title": "Oak stool", "brand": "Northline", "attribute:leg colour": "black"}


@pytest.mark.parametrize(
    ("template", "prompt"),
    [
        ("A photo of {title}.", "A photo of Oak stool."),
        ("{title} by {brand}", "Oak stool by Northline"),
        ("{title}, {attribute:Leg  Colour} legs", "Oak stool, black legs"),
        ("Brand: {brand}. Look: {style_tags}. On white.", "Brand: Northline. On white."),
        ("Look: {style_tags}.\n\nOn white.", "On white."),
        ("{category} {title}, on white", "Oak stool, on white"),
        ("{title}, {category}, on white", "Oak stool, on white"),
        ("{title} ({category}) on white", "Oak stool on white"),
        ("{title}: {category}.", "Oak stool."),
        ("{category}", ""),
        ("No placeholder at all: 10 % off!", "No placeholder at all: 10 % off!"),
        ("", ""),
    ],
    ids=range(12),
)
def test_missing_facts_drop_out_tidily(template, prompt):
    check_template(template)

    assert fill(template, FACTS) == prompt


def test_what_a_fact_says_is_never_taken_for_a_placeholder():
    facts = {"title": "{sku} {0} . ; (", "brand": "{title}"}

    assert fill("{title} {brand}", facts) == "{sku} {0} . ; ( {title}"


def test_every_unknown_placeholder_is_named_with_those_there_are():
    with pytest.raises(TemplateProblem) as refused:
        check_template("{title} {titel} {} {attribute:} {title.upper} {title!r} {price:>9}")

    assert refused.value.unknown == (
        "titel", "", "attribute:", "title.upper", "title!r", "price:>9",
    )  # fmt: skip
    assert "{style_tags}" in str(refused.value)
    assert "{attribute:NAME}" in str(refused.value)


@pytest.mark.parametrize("text", ["{title", "title}", "{{title}}", "}{"])
def test_a_brace_that_stands_alone_is_refused(text):
    with pytest.raises(TemplateProblem, match="A brace stands alone"):
        check_template(text)


def test_placeholders_are_told_by_the_keys_of_their_facts():
    found = placeholders_of("{title} { brand } {attribute: Leg Colour}")

    assert found == {"title", "brand", "attribute:leg colour"}
