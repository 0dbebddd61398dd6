"""GTINs (EAN, UPC): their form and check digit (GS1 General Specifications, section 7.9)."""

LENGTHS = (8, 12, 13, 14)


def check_digit(digits: str) -> int:
    """The check digit that belongs behind these digits (those of a GTIN without its last)."""
    total = sum(
        int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits))
    )
    return -total % 10


def is_gtin(text: str) -> bool:
    return (
        len(text) in LENGTHS
        and text.isascii()
        and text.isdigit()
        and check_digit(text[:-1]) == int(text[-1])
    )


def padded(text: str) -> str:
    """The 14-digit form by which GTINs are matched."""
    return text.zfill(14)
