"""The background process that rings for due jobs, until it is told to stop."""

import logging
import signal
import threading
from argparse import ArgumentParser
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import DatabaseError, close_old_connections

from jobs.dispatcher import DispatchReport, run_once

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Rings the task queue for due jobs and runs periodic work. Stops on SIGTERM or SIGINT."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="make one pass and stop")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["once"]:
            report = run_once()
            self.stdout.write(f"Rang for {report.rung} jobs.")
            return
        stop = threading.Event()

        def stop_soon(_number: int, _frame: FrameType | None) -> None:
            stop.set()

        signal.signal(signal.SIGTERM, stop_soon)
        signal.signal(signal.SIGINT, stop_soon)
        self.run_until(stop)

    def run_until(self, stop: threading.Event) -> None:
        """A pass, a rest, and again; a pass that rang is followed by another at once."""
        while not stop.is_set():
            report = self.one_pass()
            if report is None or not report.rung:
                stop.wait(settings.DISPATCHER_POLL_SECONDS)

    def one_pass(self) -> DispatchReport | None:
        """None if the database could not be reached: the next pass may."""
        close_old_connections()
        try:
            return run_once()
        except (DatabaseError, OSError):
            logger.warning("The dispatcher could not make its pass", exc_info=True)
            return None
