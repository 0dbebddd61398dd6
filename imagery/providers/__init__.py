"""Image providers behind one small protocol: what is asked, and how a call may end.

Knows no database and no money: planning, paying and repeating calls is the engine's.
"""

from imagery.providers.protocol import (
    CallOutcome,
    Capabilities,
    DeliveredImage,
    ImageRequest,
    Operation,
    OutcomeClass,
    Provider,
    Reference,
)

__all__ = [
    "CallOutcome",
    "Capabilities",
    "DeliveredImage",
    "ImageRequest",
    "Operation",
    "OutcomeClass",
    "Provider",
    "Reference",
]
