"""From a cell's text to a value, or to what is wrong with it and what was expected."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Self
from urllib.parse import urlsplit

from catalog.file_format.columns import SEPARATOR
from catalog.file_format.gtin import is_gtin

#: Raise it when a cell that reads the same would be stored differently: old digests lapse.
PARSER_VERSION = 2
#: A cell that says nothing of its field where blank cells empty theirs. Layouts write it for a text
#: that they leave out; no file holds it, as this character is a defect of its row.
SAYS_NOTHING = "\x1a"

_PLAIN_NUMBER = re.compile(r"^-?\d+(?:\.\d*)?$|^-?\.\d+$")
# 1,032.50, or Indian 1,03,250.00. A group never leads with a zero: 0,500 is no five hundred.
_GROUPED_NUMBER = re.compile(r"^-?(?:[1-9]\d{0,2}(?:,\d{3})+|[1-9]\d?(?:,\d{2})*,\d{3})(?:\.\d*)?$")
_SWAPPED = str.maketrans(",.", ".,")
_SCIENTIFIC_KEY = re.compile(r"^\d(?:[.,]\d+)?E\+\d{2,3}$", re.IGNORECASE)
_PLAIN_HOST = re.compile(r"(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?\.)+[a-zA-Z]{2,}\Z")
LONGEST_SKU = 200
LONGEST_ITEM = 1_000
#: In bytes of UTF-8: PostgreSQL's indexes take no longer texts than some 2,700.
LONGEST_URL = 2_000
LONGEST_PRODUCT_KEY = 500
LONGEST_QUOTED = 200
# PostgreSQL's indexes hold no text of more than about 2,700 bytes.
_MOST_PATH_BYTES = 2_600
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_CONTROL_OR_BREAK = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")

_CURRENCY_SIGNS: dict[str, tuple[str, ...]] = {
    "AUD": ("A$", "$"),
    "BRL": ("R$",),
    "CAD": ("C$", "CA$", "$"),
    "CHF": ("Fr.", "Fr"),
    "CNY": ("¥",),
    "EUR": ("€",),
    "GBP": ("£",),
    "INR": ("₹", "Rs.", "Rs"),
    "JPY": ("¥",),
    "KRW": ("₩",),
    "RUB": ("₽",),
    "TRY": ("₺",),
    "USD": ("US$", "$"),
    "VND": ("₫",),
}


class CellError(Exception):
    """A cell that cannot be taken. `message` says what was expected."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def _short(text: str) -> str:
    """A cell quoted in a message, which need not hold a whole page of it."""
    return repr(text if len(text) <= LONGEST_QUOTED else text[: LONGEST_QUOTED - 1] + "…")


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """How this upload writes numbers: its currency's signs and its decimal sign.

    `has_points_too`: beside texts the file holds numbers, which come with a decimal point whatever
    its texts are written with.
    """

    currency: str
    decimal_comma: bool = False
    has_points_too: bool = False

    @classmethod
    def of(cls, currency: str, options: Mapping[str, Any], has_points_too: bool) -> Self:
        """By the options of an upload."""
        return cls(currency, bool(options.get("decimal_comma")), has_points_too)

    @property
    def signs(self) -> tuple[str, ...]:
        return (*_CURRENCY_SIGNS.get(self.currency, ()), self.currency)


def is_simple_number(text: str, *, decimal_comma: bool = False) -> bool:
    """What nearly every number looks like, that any column holds: 10325 or 5830.50."""
    whole, point, decimals = text.partition(".")
    return (
        whole.isdigit()
        and len(whole) <= 9
        and (decimals.isdigit() and len(decimals) <= 2 and not decimal_comma if point else True)
        and text.isascii()
    )


def parse_decimal(
    text: str, *, numbers: NumberFormat, max_digits: int, places: int, money: bool = False
) -> str:
    """A number >= 0 that the column holds exactly, as plain text: 1234.5, never 1.2345E+3."""
    written = _without_sign(text, numbers) if money else text
    bare = _with_decimal_point(written, numbers)
    if not _is_number(bare):
        raise CellError("invalid_number", _number_hint(text, written, numbers))
    if not bare.isascii():
        raise CellError("invalid_number", f"{_short(text)} is not written in the digits 0 to 9.")
    whole, _, decimals = bare.lstrip("-").replace(",", "").partition(".")
    whole, decimals = whole.lstrip("0"), decimals.rstrip("0")
    if bare.startswith("-") and (whole or decimals):
        raise CellError("negative_number", f"{_short(text)} is negative; expected 0 or more.")
    if len(decimals) > places:
        raise CellError(
            "too_many_digits",
            f"{_short(text)} has {len(decimals)} decimals; at most {places} are kept.",
        )
    if len(whole) > max_digits - places:
        raise CellError(
            "too_many_digits",
            f"{_short(text)} is too large; at most {max_digits - places} digits before the point.",
        )
    return f"{whole or '0'}.{decimals}" if decimals else whole or "0"


def _without_sign(text: str, numbers: NumberFormat) -> str:
    for sign in numbers.signs:
        if text.startswith(sign):
            return text[len(sign) :].lstrip()
        if text.endswith(sign):
            return text[: -len(sign)].rstrip()
    return text


def _with_decimal_point(written: str, numbers: NumberFormat) -> str:
    """`written` with commas between groups alone. "" where its point could stand for either."""
    if not numbers.decimal_comma:
        return written
    swapped = written.translate(_SWAPPED)
    if numbers.has_points_too and "." in written and _PLAIN_NUMBER.match(written):
        return "" if _is_number(swapped) else written
    return swapped


def _is_number(bare: str) -> bool:
    return bool(_PLAIN_NUMBER.match(bare) or _GROUPED_NUMBER.match(bare))


def _number_hint(text: str, written: str, numbers: NumberFormat) -> str:
    wanted = "1234,50 or 1.234,50" if numbers.decimal_comma else "1234.50 or 1,234.50"
    if _is_number(written if numbers.decimal_comma else written.translate(_SWAPPED)):
        other = "without" if numbers.decimal_comma else "with"
        return (
            f"{_short(text)} is ambiguous. Write it as {wanted}, or upload the file {other} the "
            "option for decimal commas."
        )
    return f"{_short(text)} is not a number. Expected digits such as {wanted}."


def parse_active(text: str) -> bool:
    folded = text.casefold()
    if folded == "true":
        return True
    if folded == "false":
        return False
    raise CellError("invalid_boolean", f"{_short(text)} is neither TRUE nor FALSE.")


def parse_gtin(text: str) -> str:
    if is_gtin(text):
        return text
    if looks_scientific(text):
        raise CellError(
            "spreadsheet_damage",
            f"{_short(text)} is a number that a spreadsheet shortened. Format the column as text "
            "and enter the digits again.",
        )
    original = _with_lost_zeros(text)
    if original:
        raise CellError(
            "spreadsheet_damage",
            f"{_short(text)} looks like the GTIN {original!r} without its leading zeros. Format "
            "the column as text and enter it again.",
        )
    raise CellError(
        "validation_error",
        f"Invalid EAN format. {_short(text)} is not a GTIN of 8, 12, 13 or 14 digits with a "
        "right check digit.",
    )


def _with_lost_zeros(text: str) -> str | None:
    candidates = (text.zfill(length) for length in (12, 13, 14) if length - 3 <= len(text) < length)
    return next((candidate for candidate in candidates if is_gtin(candidate)), None)


def parse_text(text: str, *, longest: int) -> str:
    """Free text of one cell: line breaks and tabs allowed."""
    if len(text) > longest:
        raise CellError("too_long", f"{len(text)} characters; at most {longest} are kept.")
    if not text.isprintable() and _CONTROL.search(text):
        raise CellError("control_character", "Contains a control character that no text needs.")
    return text


def has_control(text: str) -> bool:
    """Whether it holds a line break or control character: a name is one line."""
    return not text.isprintable() and bool(_CONTROL_OR_BREAK.search(text))


def parse_name(text: str, *, longest: int = 200) -> str:
    """A name or a list item: one line, and nothing that the file format itself uses."""
    parse_text(text, longest=longest)
    if has_control(text):
        raise CellError(
            "control_character", f"{_short(text)} contains a line break or control character."
        )
    if SEPARATOR in text:
        raise CellError(
            "separator_in_name", f"{_short(text)} contains '{SEPARATOR}', which parts lists."
        )
    if text != text.strip():
        raise CellError("outer_blanks", f"{_short(text)} starts or ends with a blank.")
    return text


def parse_sku(text: str) -> str:
    """A SKU holds any character that can be seen, and is one line."""
    if len(text) > LONGEST_SKU:
        raise CellError("too_long", f"{len(text)} characters; a SKU has at most {LONGEST_SKU}.")
    if has_control(text):
        raise CellError(
            "control_character", f"{_short(text)} contains a line break or control character."
        )
    return text


def parse_product_name(text: str) -> str:
    """A name that can be its product's key as well."""
    parse_product_key(text)
    return text


def parse_product_key(text: str) -> str:
    key = normal_key(parse_name(text, longest=LONGEST_PRODUCT_KEY))
    # Some characters are longer in normal form.
    return parse_text(key, longest=LONGEST_PRODUCT_KEY)


def normal_key(text: str) -> str:
    """Two spellings of one text in Unicode are one product key."""
    return unicodedata.normalize("NFC", text)


def split_list(text: str) -> list[str]:
    """The items of a `#;` cell, in order; blanks around items and empty items are dropped."""
    if SEPARATOR not in text:
        item = text.strip()
        return [item] if item else []
    return [item for part in text.split(SEPARATOR) if (item := part.strip())]


def parse_names(text: str, *, longest: int = 200) -> list[str]:
    """A list of distinct names; one that comes twice counts where it came first."""
    return list(dict.fromkeys(parse_items(text, longest=longest)))


def parse_items(text: str, *, longest: int = LONGEST_ITEM) -> list[str]:
    items = split_list(text)
    if len(text) <= longest and text.isprintable():
        # Splitting has taken the separators and the blanks around them.
        return items
    return [parse_name(item, longest=longest) for item in items]


def parse_category_path(text: str) -> str:
    """Levels separated by `/`, blanks around them dropped, joined again with a bare `/`."""
    levels = [level.strip() for level in text.split("/")]
    if any(not level for level in levels):
        raise CellError(
            "empty_category_level",
            f"{_short(text)} has an empty level. Write the path as 'Fans/Ceiling Fans'.",
        )
    path = "/".join(parse_name(level) for level in levels)
    if len(path) > 1000:
        raise CellError("too_long", f"{len(path)} characters; at most 1000 are kept.")
    if (size := len(path.encode())) > _MOST_PATH_BYTES:
        raise CellError("too_long", f"{size} bytes; at most {_MOST_PATH_BYTES} are kept.")
    return path


def parse_urls(text: str) -> list[str]:
    return [parse_url(item) for item in split_list(text)]


def parse_url(text: str) -> str:
    if are_plain_urls([text]):
        return text
    try:
        parts = urlsplit(text)
        usable = parts.scheme.lower() in ("http", "https") and bool(parts.hostname)
        parts.port  # noqa: B018 - raises ValueError where it is none
    except ValueError:
        usable = False
    if not usable or re.search(r"[\s\x00-\x1f\x7f-\x9f]", text) or SEPARATOR in text:
        raise CellError(
            "invalid_url", f"{_short(text)} is not a web address. Expected https://host/path."
        )
    if len(text.encode()) > LONGEST_URL:
        raise CellError("too_long", f"{len(text)} characters; at most {LONGEST_URL} are kept.")
    return text


def are_plain_urls(urls: Sequence[str]) -> bool:
    """Whether all of them look as nearly every URL does, so that none needs to be taken apart."""
    together = "".join(urls)
    if " " in together or not together.isascii() or not together.isprintable():
        return False
    if SEPARATOR in together:
        return False
    # Few begin differently. Without a path behind its host one begins with "", which is no host.
    starts = {url[: url.find("/", len("https://")) + 1] for url in urls}
    return all(_is_plain_start(start) for start in starts) and (
        not urls or len(max(urls, key=len)) <= LONGEST_URL
    )


def _is_plain_start(start: str) -> bool:
    scheme, _, host = start.partition("://")
    return scheme in ("https", "http") and _is_host(host.removesuffix("/"))


@lru_cache(maxsize=1024)
def _is_host(host: str) -> bool:
    return len(host) <= 253 and bool(_PLAIN_HOST.match(host))


def looks_scientific(text: str) -> bool:
    """Whether a spreadsheet turned a long number into something like 1.22E+11."""
    return bool(_SCIENTIFIC_KEY.match(text))
