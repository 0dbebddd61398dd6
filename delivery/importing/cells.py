"""From a cell of a courier's file to a value, or to what is wrong with it and what was expected."""

import re
import unicodedata

from delivery.errors import DeliveryError

_PINCODE = re.compile(r"[1-9][0-9]{5}", re.ASCII)
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]*)?|\.[0-9]+", re.ASCII)
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{2,3})*,[0-9]{3}(?:\.[0-9]*)?", re.ASCII)
_YES = frozenset({"y", "yes", "true", "t", "1"})
_NO = frozenset({"n", "no", "false", "f", "0"})
#: What couriers write into a cell that has nothing to say.
_NOTHING = frozenset({"", "-", "--", "na", "n/a", "n.a.", "nil", "null", "none"})
_LONGEST_QUOTED = 60


class CellRefused(DeliveryError):
    """A cell that cannot be taken. `message` says what was expected."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def says_nothing(text: str) -> bool:
    return text.casefold() in _NOTHING


def parse_pincode(text: str) -> str:
    """Six digits, the first not 0 (India Post); a blank in their middle is usual in print."""
    digits = text.replace(" ", "")
    if not _PINCODE.fullmatch(digits):
        raise CellRefused(
            "invalid_pincode", f"{_short(text)} is no pincode: six digits, the first not 0."
        )
    return digits


def parse_mode(text: str, *, longest: int) -> str:
    """Lower case, so that Surface and SURFACE are one way of carriage."""
    return parse_text(text, longest=longest).lower()


def parse_text(text: str, *, longest: int) -> str:
    """One line; runs of blanks, as padded files have them, are one."""
    plain = unicodedata.normalize("NFC", " ".join(text.split()))
    if any(unicodedata.category(character) == "Cc" for character in plain):
        raise CellRefused("control_character", f"{_short(plain)} contains a control character.")
    if len(plain) > longest:
        raise CellRefused("too_long", f"{len(plain)} characters; at most {longest} are kept.")
    return plain


def parse_flag(text: str) -> bool:
    folded = text.casefold()
    if folded in _YES:
        return True
    if folded in _NO:
        return False
    raise CellRefused("invalid_flag", f"{_short(text)} is neither Y nor N.")


def parse_number(text: str, *, digits: int, places: int) -> str:
    """A number >= 0 as plain text; 1,00,000 and 1,000.50 are read as well, a unit is not."""
    bare = text.replace(",", "") if _GROUPED.fullmatch(text) else text
    if not _NUMBER.fullmatch(bare):
        raise CellRefused(
            "invalid_number", f"{_short(text)} is not a number of 0 or more, such as 12.5."
        )
    whole, _, decimals = bare.partition(".")
    whole, decimals = whole.lstrip("0"), decimals.rstrip("0")
    if len(decimals) > places or len(whole) > digits - places:
        raise CellRefused(
            "too_many_digits",
            f"{_short(text)} has too many digits: at most {digits - places} before the point and "
            f"{places} behind it are kept.",
        )
    return f"{whole or '0'}.{decimals}" if decimals else whole or "0"


def _short(text: str) -> str:
    return repr(text if len(text) <= _LONGEST_QUOTED else text[: _LONGEST_QUOTED - 1] + "…")
