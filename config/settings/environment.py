"""Reading the environment strictly: a wrong value stops the start with one clear line."""

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import SplitResult, parse_qsl, urlsplit

TRUE_WORDS = frozenset({"1", "true", "yes", "on"})
FALSE_WORDS = frozenset({"0", "false", "no", "off"})
EXIT_STATUS = 2


class WrongValue(Exception):
    """An environment variable holds something the application cannot run with."""

    def __init__(self, name: str, problem: str) -> None:
        super().__init__(f"{name}: {problem}")


@dataclass(frozen=True, slots=True)
class Variable:
    """What the code knows of one variable; docs/configuration.md is compared with it."""

    name: str
    kind: str
    default: str


@dataclass(frozen=True, slots=True)
class Url:
    """A URL taken apart: `options` is its query string, each name at most once."""

    parts: SplitResult
    options: Mapping[str, str]

    @property
    def scheme(self) -> str:
        return self.parts.scheme


@dataclass(frozen=True, slots=True)
class Environment:
    """Typed access to the variables; an empty value counts as not set.

    Values are repeated in messages except where they may hold a secret (texts and URLs).
    """

    values: Mapping[str, str]
    declared: dict[str, Variable] = field(default_factory=dict)

    def text(self, name: str, *, default: str = "", shown_default: str = "") -> str:
        return self._read(name, "text", shown_default or default or "empty") or default

    def integer(self, name: str, *, default: int, minimum: int, maximum: int) -> int:
        raw = self._read(name, f"integer {minimum}..{maximum}", str(default))
        if not raw:
            return default
        problem = f"expected a whole number from {minimum} to {maximum}, got {raw!r}"
        if not raw.isascii() or not raw.isdigit():
            raise WrongValue(name, problem)
        value = int(raw)
        if not minimum <= value <= maximum:
            raise WrongValue(name, problem)
        return value

    def boolean(self, name: str, *, default: bool, shown_default: str = "") -> bool:
        raw = self._read(name, "boolean", shown_default or str(default).lower()).lower()
        if not raw:
            return default
        if raw not in TRUE_WORDS | FALSE_WORDS:
            raise WrongValue(name, f"expected true or false, got {raw!r}")
        return raw in TRUE_WORDS

    def choice(self, name: str, *, choices: tuple[str, ...], default: str) -> str:
        raw = self._read(name, " \\| ".join(choices), default)
        if raw and raw not in choices:
            raise WrongValue(name, f"expected one of {', '.join(choices)}, got {raw!r}")
        return raw or default

    def names(self, name: str, *, default: tuple[str, ...] = ()) -> list[str]:
        """A comma-separated list; spaces around the commas are ignored."""
        raw = self._read(name, "comma-separated list", ",".join(default) or "empty")
        if not raw:
            return list(default)
        found = [part.strip() for part in raw.split(",")]
        if not all(found):
            raise WrongValue(name, f"expected a comma-separated list, got an empty part in {raw!r}")
        return found

    def url(
        self,
        name: str,
        *,
        schemes: tuple[str, ...],
        default: str = "",
        shown_default: str = "",
    ) -> Url:
        """A URL of one of the schemes; with an empty default, `scheme` is "" when not set."""
        kinds = " or ".join(f"{scheme}://" for scheme in schemes)
        raw = self._read(name, f"URL ({kinds})", shown_default or default or "empty")
        try:
            parts = urlsplit(raw or default)
            _ = parts.port
        except ValueError as error:
            raise WrongValue(name, f"is not a URL: {error}") from error
        if raw and (parts.scheme not in schemes or "://" not in raw):
            raise WrongValue(name, f"expected a URL starting with {kinds}")
        pairs = parse_qsl(parts.query, keep_blank_values=True)
        options = dict(pairs)
        if len(options) != len(pairs):
            raise WrongValue(name, "names the same option twice")
        return Url(parts=parts, options=options)

    def _read(self, name: str, kind: str, default: str) -> str:
        self.declared[name] = Variable(name=name, kind=kind, default=default)
        return self.values.get(name, "").strip()


def only_options(name: str, url: Url, allowed: frozenset[str]) -> None:
    """Refuse a query option that nobody reads: it is a typing mistake, not a wish."""
    if unknown := sorted(set(url.options) - allowed):
        known = ", ".join(sorted(allowed)) or "none"
        raise WrongValue(name, f"unknown option {unknown[0]!r}; known options: {known}")


@contextmanager
def stop_on_wrong_value() -> Iterator[None]:
    """End the process, without a traceback, when a setting cannot be used."""
    try:
        yield
    except WrongValue as wrong:
        sys.stderr.write(f"Configuration error: {wrong}\n")
        raise SystemExit(EXIT_STATUS) from None


env = Environment(os.environ)
