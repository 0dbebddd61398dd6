"""A follow-up handler that waits to be killed."""

import os
import signal
from pathlib import Path

from jobs.models import FollowUp


def hang_once(follow_up: FollowUp) -> None:
    """The first attempt writes its process id to the file in the payload and never ends."""
    if follow_up.attempts > 1:
        return
    Path(follow_up.payload["file"]).write_text(str(os.getpid()))
    while True:
        signal.pause()
