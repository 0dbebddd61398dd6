"""A headless browser that reaches the test's own server and nothing else."""

import os
import shutil
from collections.abc import Iterator

import pytest
from django.db import connection, connections
from playwright.sync_api import Page, Route, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.waiting import wait_until

CHROMIUM = next(
    (
        path
        for name in ("chromium", "chromium-browser", "google-chrome", "chrome")
        if (path := shutil.which(name))
    ),
    None,
)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture
def page(
    live_server: LiveServer, transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Page]:
    """Skips where no Chromium is installed."""
    if CHROMIUM is None:
        pytest.skip("no Chromium found on PATH (chromium, chromium-browser, google-chrome)")
    # The browser's driver runs an event loop in this thread, where the test also asks the database.
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        context = browser.new_context(
            base_url=live_server.url, viewport={"width": 1440, "height": 900}
        )

        def stay_inside(route: Route) -> None:
            inside = route.request.url.startswith(live_server.url)
            route.continue_() if inside else route.abort()

        context.route("**/*", stay_inside)
        yield context.new_page()
        # Beside the event loop, Django keeps a connection of its own for this thread.
        connections.close_all()
        browser.close()
    wait_until(lambda: not _other_sessions(), what="the server's threads to let the database go")


def _other_sessions() -> int:
    """Of this test's PostgreSQL database, which cannot be dropped while there are any."""
    if connection.vendor != "postgresql":
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        (count,) = cursor.fetchone()
    return int(count)
