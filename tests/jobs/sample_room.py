"""A room that exists in worker processes of tests alone."""

from django.apps import AppConfig


class SampleRoomConfig(AppConfig):
    name = "tests.jobs"
    label = "sample_room"

    def ready(self) -> None:
        from jobs import followups
        from tests.jobs.interruptible import hang_once

        followups.register("test.hang_once", hang_once)
