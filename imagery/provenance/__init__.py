"""Where a picture comes from: all that was asked for it, and asking for it again word by word."""

from imagery.provenance.replaying import CannotReplay, replay
from imagery.provenance.tracing import Trace, trace

__all__ = ["CannotReplay", "Trace", "replay", "trace"]
