"""A room that exists in worker processes of tests alone, with handlers that can be interrupted."""

import os
import signal
from pathlib import Path

from django.apps import AppConfig

from jobs import followups
from jobs.models import FollowUp


class SampleRoomConfig(AppConfig):
    name = "tests.jobs"
    label = "sample_room"

    def ready(self) -> None:
        followups.register("test.hang_once", hang_once)


def hang_once(follow_up: FollowUp) -> None:
    """The first attempt writes its process id to the file in the payload and never ends."""
    if follow_up.attempts > 1:
        return
    Path(follow_up.payload["file"]).write_text(str(os.getpid()))
    while True:
        signal.pause()
