"""Prompt templates: text with plain `{placeholders}`, checked when saved, filled when planned."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from imagery.errors import ImageryError

#: What may stand in braces, beside `{attribute:NAME}`.
PLACEHOLDERS: Final = (
    "title",
    "sku",
    "brand",
    "category",
    "style_tags",
    "description",
    "product",
    "attributes",
)
ATTRIBUTE: Final = "attribute:"

_PLACEHOLDER: Final = re.compile(r"\{([^{}]*)\}")
#: A sentence with the white space behind it.
_SENTENCE: Final = re.compile(r".+?(?:(?<=[.!?;])\s+|\n\s*|\Z)", re.DOTALL)
#: Stands for a fact that is missing, until what leant on it is tidied away.
_GAP: Final = "\0"
_BRACKETED_GAP: Final = re.compile(r"\s*[(\[]\s*\0\s*[)\]]")
_LEADING_GAP: Final = re.compile(r"\A\s*\0[\s,;:]*")
_OTHER_GAP: Final = re.compile(r"\s*[,:;(-]?\s*\0")


class TemplateProblem(ImageryError):
    """A template that could not be filled. `unknown` are the placeholders that do not exist."""

    def __init__(self, message: str, *, unknown: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.unknown = unknown


def check_template(text: str) -> None:
    """Raises TemplateProblem, naming everything that is wrong and the placeholders there are."""
    unknown = tuple(dict.fromkeys(name for name in _names(text) if not _is_known(name)))
    has_lone_brace = bool(re.search(r"[{}]", _PLACEHOLDER.sub("", text)))
    known = ", ".join(f"{{{name}}}" for name in (*PLACEHOLDERS, f"{ATTRIBUTE}NAME"))
    if unknown:
        named = ", ".join(f"{{{name}}}" for name in unknown)
        verb = "is no placeholder" if len(unknown) == 1 else "are no placeholders"
        raise TemplateProblem(f"{named} {verb}. There are: {known}.", unknown=unknown)
    if has_lone_brace:
        raise TemplateProblem(f"A brace stands alone. Braces enclose placeholders: {known}.")


def placeholders_of(text: str) -> frozenset[str]:
    """The facts that the template is filled from, by their keys."""
    return frozenset(_key(name) for name in _names(text))


def fill(text: str, facts: Mapping[str, str]) -> str:
    """The prompt. A sentence all of whose facts are missing is left out, a fact that is missing
    from another with the comma or colon before it. Facts go in as they are, braces and all."""
    filled = (_filled(match.group(), facts) for match in _SENTENCE.finditer(text))
    return "".join(filled).strip()


def _filled(sentence: str, facts: Mapping[str, str]) -> str:
    keys = [_key(name) for name in _names(sentence)]
    if keys and not any(facts.get(key) for key in keys):
        return ""
    missing = [key for key in keys if not facts.get(key)]
    with_gaps = _PLACEHOLDER.sub(
        lambda match: _GAP if _key(match.group(1)) in missing else match.group(), sentence
    )
    tidy = _without_gaps(with_gaps) if missing else with_gaps
    return _PLACEHOLDER.sub(lambda match: facts[_key(match.group(1))], tidy)


def _without_gaps(sentence: str) -> str:
    tidy = _BRACKETED_GAP.sub("", sentence)
    tidy = _LEADING_GAP.sub("", tidy)
    return _OTHER_GAP.sub("", tidy)


def _names(text: str) -> Iterator[str]:
    return (match.group(1) for match in _PLACEHOLDER.finditer(text))


def _is_known(name: str) -> bool:
    key = _key(name)
    return key in PLACEHOLDERS or (key.startswith(ATTRIBUTE) and key != ATTRIBUTE)


def _key(name: str) -> str:
    """Attributes are found whatever the case of their names."""
    kind, colon, attribute = name.partition(":")
    if colon and kind.strip() == "attribute":
        return ATTRIBUTE + " ".join(attribute.split()).lower()
    return name.strip()
