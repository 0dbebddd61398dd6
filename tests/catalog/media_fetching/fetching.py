"""Having an account's pictures fetched in process, and looking at what became of them."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from django.core.files.storage import default_storage

from accounts.models import Account
from catalog.media_fetching import tasks, waking
from catalog.media_fetching.policy import Policy
from catalog.models import MediaAsset, MediaFetching
from jobs import clock
from outbound import Gate, Limits, PictureLimits
from tests.catalog.media_fetching.picture_server import PictureServer
from tests.factories.catalog import MediaAssetFactory

#: Names that all lead to the test's own server.
HOSTS = ("127.0.0.1", "one.example", "two.example")


def policy_for(*servers: PictureServer, threads: int = 4, threads_per_host: int = 2) -> Policy:
    ports = [server.socket_server.port for server in servers]
    return policy_for_ports(*ports, threads=threads, threads_per_host=threads_per_host)


def policy_for_ports(*ports: int, threads: int, threads_per_host: int) -> Policy:
    allowed = {(host, port) for port in ports for host in HOSTS}
    return Policy(
        limits=Limits(max_bytes=1_000_000, connect_seconds=2, read_seconds=5, total_seconds=10),
        pictures=PictureLimits(max_pixels=1_000_000),
        gate=Gate(allowed_hosts=frozenset(allowed), resolver=resolve),
        threads=threads,
        threads_per_host=threads_per_host,
    )


def resolve(host: str, _port: int) -> Sequence[str]:
    if host not in HOSTS:
        raise OSError(f"no such host: {host}")
    return ["127.0.0.1"]


def named(account: Account, *urls: str, **fields: object) -> list[MediaAsset]:
    """Assets as an import leaves them: due at once."""
    fields.setdefault("due_at", clock.now())
    return [MediaAssetFactory.create(account=account, url=url, **fields) for url in urls]


def fetch_due(account: Account, policy: Policy) -> None:
    """All that is due for the account, as a worker would that hears every bell."""
    waking.wake_due()
    job = MediaFetching.objects.filter(account=account).first()
    while job is not None and tasks.run_slice(job.pk, policy=policy):
        pass


def come_due(account: Account) -> None:
    """What the passing of time does, without the waiting."""
    MediaAsset.objects.filter(account=account, due_at__isnull=False).update(due_at=clock.now())


def put_off(account: Account) -> datetime:
    """To when the account's job, which nobody holds, has been put off."""
    job = MediaFetching.objects.get(account=account, claim_token=None)
    assert job.run_after is not None
    return job.run_after


def let_the_wait_pass(account: Account) -> None:
    """Until the job that failed is due again."""
    MediaFetching.objects.filter(account=account).update(run_after=clock.now())


def states(account: Account) -> dict[str, str]:
    """By the last part of the address."""
    rows = MediaAsset.objects.filter(account=account).values_list("url", "state")
    return {url.rpartition("/")[2]: state for url, state in rows}


def stored_files(account: Account) -> list[str]:
    """Every picture and thumbnail below the account's own directory, by path."""
    root = Path(default_storage.path(""))
    media = root / str(account.uuid) / "private" / "media"
    return sorted(str(path.relative_to(root)) for path in media.rglob("*") if path.is_file())
