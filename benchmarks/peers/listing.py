"""A page of 50 products with their variants, asked for again and again through the whole stack."""

from hashlib import sha256
from statistics import median
from time import perf_counter

import orjson
from django.conf import settings
from django.test import Client

from accounts.scopes import Scope
from accounts.tokens import issue_token
from benchmarks.account import bench_account
from benchmarks.outcome import Outcome

_REQUESTS = 40
_WARM_UP = 5


def measure(*, paths: list[str]) -> Outcome:
    """The paths take turns. The median of each is in `seconds`, a digest of its data in `facts`."""
    settings.ROOT_URLCONF = "benchmarks.urls"
    _, raw = issue_token(account=bench_account(), name="bench", scopes=[Scope.READ])
    client = Client(SERVER_NAME="localhost", headers={"Authorization": f"Bearer {raw}"})
    seconds: dict[str, list[float]] = {path: [] for path in paths}
    contents: dict[str, bytes] = {}
    began = perf_counter()
    for _ in range(_WARM_UP + _REQUESTS):
        for path in paths:
            started = perf_counter()
            contents[path] = _page(client, path)
            seconds[path].append(perf_counter() - started)
    return Outcome(
        seconds={
            "total": perf_counter() - began,
            **{path: median(times[_WARM_UP:]) for path, times in seconds.items()},
        },
        facts={path: _digest(content) for path, content in contents.items()},
    )


def _page(client: Client, path: str) -> bytes:
    response = client.get(path, {"per_page": 50})
    if response.status_code != 200:
        raise RuntimeError(f"{path} answered {response.status_code}: {response.content!r}")
    return response.content


def _digest(content: bytes) -> str:
    data = orjson.dumps(orjson.loads(content)["data"], option=orjson.OPT_SORT_KEYS)
    return sha256(data).hexdigest()
