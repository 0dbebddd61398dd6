"""What one measurement brings home from the process it ran in."""

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Outcome:
    """`seconds` by phase, with `total` among them; `peak_mb` is the process's own resident peak.

    `facts` are further numbers or texts a comparison needs.
    """

    seconds: dict[str, float]
    peak_mb: float = 0.0
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def total(self) -> float:
        return self.seconds["total"]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)
