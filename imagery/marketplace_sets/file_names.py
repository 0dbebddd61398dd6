"""Names of the files in a set: they tell the SKU, and are safe on any system."""

from collections.abc import Sequence
from hashlib import sha256
from typing import Final
from urllib.parse import quote

from imagery.models import Role

_LONGEST: Final = 120
#: Windows takes these for devices, whatever follows behind a dot.
_DEVICES: Final = frozenset(
    {"con", "prn", "aux", "nul", *(f"{name}{n}" for name in ("com", "lpt") for n in range(10))}
)
#: Amazon's variant codes (Seller Central, "Image variants", 2024): other pictures are PT01, PT02...
_AMAZON_CODES: Final = {Role.HERO: "MAIN", Role.SWATCH_GRID: "SWCH"}
AMAZON: Final = "amazon"


class FileNames:
    """Of one set. No two are the same, not even where capitals are not told apart."""

    def __init__(self, channel: str) -> None:
        self._channel = channel
        self._taken: set[str] = set()

    def of(self, sku: str, roles: Sequence[str]) -> list[str]:
        """One name for each picture of the SKU, in the order of its roles."""
        stem = safe_stem(sku)
        if stem.casefold() in self._taken:
            stem = _shortened(stem, sku)
        self._taken.add(stem.casefold())
        return [f"{stem}{ending}.jpg" for ending in self._endings(roles)]

    def _endings(self, roles: Sequence[str]) -> list[str]:
        if self._channel != AMAZON:
            return [f"-{role}" for role in roles]
        codes, parts = [], 0
        for role in roles:
            code = _AMAZON_CODES.get(Role(role))
            if code is None:
                parts += 1
                code = f"PT{parts:02}"
            codes.append(f".{code}")
        return codes


def safe_stem(sku: str) -> str:
    """Letters, digits, `-`, `_` and dots within stay; anything else is percent-encoded, so that the
    SKU can be read back. Very long ones are cut, and told apart by a digest."""
    stem = quote(sku, safe="").replace("~", "%7E")
    if stem.startswith(".") or stem.partition(".")[0].casefold() in _DEVICES:
        stem = f"%{ord(stem[0]):02X}{stem[1:]}"
    return _shortened(stem, sku) if len(stem) > _LONGEST else stem


def _shortened(stem: str, sku: str) -> str:
    digest = sha256(sku.encode()).hexdigest()[:16]
    return f"{stem[: _LONGEST - 17]}~{digest}"
