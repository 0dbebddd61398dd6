"""What of an address or a posted form can be the number of a row at all."""

#: Digits of the largest number every database holds.
_LONGEST = 18


def is_id(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= _LONGEST
