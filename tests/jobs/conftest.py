"""A registry of follow-up handlers and periodic functions that each test has for itself."""

import pytest

from jobs import followups, periodic


@pytest.fixture(autouse=True)
def own_registries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(followups, "_handlers", {})
    monkeypatch.setattr(periodic, "_functions", {})
