"""Writes numbers, dates and truth values of a workbook as the text a person would read."""

import re
from datetime import datetime, timedelta
from decimal import Decimal
from math import isfinite

from bulk_uploads.readers.xlsx.styles import DateKind

#: A double's whole numbers are exact to 15 digits, and spreadsheets keep and show no more.
EXACT_DIGITS = 15
#: An expression for a number that is written as a person would, if it is short enough.
PLAIN_NUMBER = r"(?!0[0-9])[0-9]++(?:\.[0-9]++(?<!0))?+"
_NUMBER = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]{1,4})?")
_PLAIN_NUMBER = re.compile(PLAIN_NUMBER)
_MIDNIGHT = re.compile(r"T00:00(?::00(?:\.0+)?)?Z?\Z")
_LAST_DAY = 2_958_465
# Day 60 of the older count is 29 February 1900, which never was.
_NONEXISTENT_DAY = 60
_SECONDS_A_DAY = 86_400


def number_text(value: str) -> str:
    """A number with the digits a spreadsheet shows at full width: `1001.0` is `1001`.

    Binary noise (`0.30000000000000004`) is gone. From 16 digits on a spreadsheet has replaced the
    last ones by zeros, so the number is written as such programs show it (`1.22E+16`) and not as
    if its digits were known; who reads a key from it will notice. What is no number stays as is.
    """
    if is_plain_number(value):
        return value
    number = _parsed(value)
    if number is None:
        return value
    text = f"{number:.{EXACT_DIGITS}g}"
    if "e" in text:
        return text.upper() if abs(number) >= 1 else f"{Decimal(text):f}"
    return "0" if text == "-0" else text


def is_plain_number(value: str) -> bool:
    """Whether a number's text is what it is written as."""
    return len(value) <= EXACT_DIGITS and _PLAIN_NUMBER.fullmatch(value) is not None


def padded_text(value: str, *, digits: int) -> str:
    """A whole number as its cell shows it, filled up with zeros in front; any other as it is."""
    text = number_text(value)
    return text.zfill(digits) if text.isdecimal() else text


def date_text(value: str, kind: DateKind, *, counts_from_1904: bool) -> str:
    """A day count as ISO 8601: a date, a time, or both, whatever of them there is.

    A duration is hours, minutes and seconds. A number that is no day stays a number.
    """
    days = _parsed(value)
    if days is None or not 0 <= days <= _LAST_DAY:
        return number_text(value)
    # To milliseconds, which is what a day count can tell.
    moment = timedelta(milliseconds=round(days * _SECONDS_A_DAY * 1000))
    if kind is DateKind.DURATION:
        return _clock(moment)
    if moment < timedelta(days=1):
        return _clock(moment)
    epoch = datetime(1904, 1, 1) if counts_from_1904 else datetime(1899, 12, 30)
    if not counts_from_1904 and moment < timedelta(days=_NONEXISTENT_DAY):
        moment += timedelta(days=1)
    try:
        return iso_date(_without_idle_zeros((epoch + moment).isoformat()))
    except OverflowError:
        return number_text(value)


def iso_date(text: str) -> str:
    """An ISO 8601 date and time without the time where it is midnight."""
    return _MIDNIGHT.sub("", text)


def truth_text(value: str) -> str:
    return "TRUE" if value.strip().lower() in ("1", "true") else "FALSE"


def _parsed(value: str) -> float | None:
    text = value.strip()
    if not _NUMBER.fullmatch(text):
        return None
    number = float(text)
    return number if isfinite(number) else None


def _clock(span: timedelta) -> str:
    seconds, rest = divmod(span // timedelta(milliseconds=1), 1000)
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    return _without_idle_zeros(f"{hours:02}:{minute:02}:{second:02}.{rest:03}")


def _without_idle_zeros(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text
