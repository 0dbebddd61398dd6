"""One round of fetching for one account: many questions at once, one writer of the answers.

HTTP, decoding and storage happen in threads; the database is this thread's alone. Each answer is
written as it comes, together with the renewal of the claim it was got under.
"""

import time
from collections.abc import Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from catalog.media_fetching import listening, storing, verdicts
from catalog.media_fetching.downloading import Download, Vain, download
from catalog.media_fetching.due import DueAsset, put_back, take
from catalog.media_fetching.hosts import Hosts
from catalog.media_fetching.policy import MOST_ATTEMPTS, Policy
from catalog.media_fetching.storing import FileRow
from catalog.media_fetching.verdicts import Verdict
from catalog.media_fetching.waiting import Waiting
from catalog.models import AssetState, MediaFetching
from jobs import clock
from jobs.claims import Claim

#: The claim is renewed at least this often, whatever the servers do.
_RENEWED_EVERY = 5.0
#: Between two writes another writer gets in (SQLite has but one).
_REST = 0.01
#: Verdicts in one transaction, which holds SQLite's one write lock.
_AT_ONCE = 250


@dataclass(slots=True)
class Storing:
    """Content on its way into the storage, and all the assets that wait for it."""

    row: FileRow
    download: Download
    assets: list[DueAsset]


@dataclass(slots=True)
class Finished:
    """What has come back from the threads since the last look."""

    downloads: list[Download] = field(default_factory=list)
    vain: list[Vain] = field(default_factory=list)
    stored: list[Storing] = field(default_factory=list)
    unstored: list[Storing] = field(default_factory=list)


class Round:
    """Runs until nothing is due any more, or until `ends_at` (of `time.monotonic`); where the
    storage fails, until what is under way has come back."""

    def __init__(
        self, fetching: MediaFetching, held: Claim, *, policy: Policy, ends_at: float
    ) -> None:
        self._account = fetching.account
        self._held = held
        self._policy = policy
        self._ends_at = ends_at
        self._hosts = Hosts(at_once=policy.threads_per_host)
        self._waiting = Waiting(account_id=fetching.account_id, at=clock.now())
        self._pool = ThreadPoolExecutor(policy.threads, thread_name_prefix="media")
        self._downloading: set[Future[Download | Vain]] = set()
        self._storing: dict[Future[None], Storing] = {}
        self._storage_problem: BaseException | None = None
        self._is_stalled = False

    def run(self) -> None:
        """Raises ClaimLost if another worker took over, and what the storage raised first."""
        try:
            while self._step():
                time.sleep(_REST)
        finally:
            self._pool.shutdown(cancel_futures=True)
            self._close_leftovers()
        if self._storage_problem is not None:
            raise self._storage_problem

    def _step(self) -> bool:
        """One look at what came back, one transaction; whether there is more to do."""
        self._waiting.refill()
        left = len(self._waiting)
        finished = self._collect()
        untried = self._note(finished)
        try:
            with transaction.atomic():
                verdicts.record(untried)
                new, settled = self._settle(finished)
                starts = self._start()
                self._held.commit(made_progress=settled > 0)
        except BaseException:
            _close(finished.downloads)
            raise
        for one in new:
            self._storing[self._pool.submit(_store, one)] = one
        for asset in starts:
            self._downloading.add(self._pool.submit(download, asset, self._policy))
        self._is_stalled = len(self._waiting) == left
        return bool(self._running) or (len(self._waiting) > 0 and not self._is_over)

    @property
    def _running(self) -> list[Future[Any]]:
        return [*self._downloading, *self._storing]

    @property
    def _is_over(self) -> bool:
        return self._storage_problem is not None or time.monotonic() >= self._ends_at

    def _collect(self) -> Finished:
        """What has come back; where nothing else can be done meanwhile, waits for something."""
        patience = _RENEWED_EVERY if self._is_stalled else 0
        wait(self._running, timeout=patience, return_when=FIRST_COMPLETED)
        finished = Finished()
        for stored in [stored for stored in self._storing if stored.done()]:
            storing_ = self._storing.pop(stored)
            problem = stored.exception()
            (finished.unstored if problem else finished.stored).append(storing_)
            self._storage_problem = self._storage_problem or problem
        for future in [future for future in self._downloading if future.done()]:
            self._downloading.remove(future)
            result = future.result()
            if isinstance(result, Download):
                finished.downloads.append(result)
            else:
                finished.vain.append(result)
        return finished

    def _note(self, finished: Finished) -> list[Verdict]:
        """Tell the servers' manners what came back; what follows for pictures not yet tried."""
        now = clock.now()
        for picture in finished.downloads:
            self._hosts.answered(picture.asset.host, None, at=now)
        for one in finished.vain:
            self._hosts.answered(one.asset.host, one.problem, at=now)
        return self._waiting.sort_out(self._hosts, at=now, limit=_AT_ONCE)

    def _settle(self, finished: Finished) -> tuple[list[Storing], int]:
        """Write what came back; what is to be stored now, and how many verdicts were found."""
        now = clock.now()
        storing.mark_stored([one.row.id for one in finished.stored], at=now)
        new, found = self._sort_downloads(finished.downloads)
        found += [_fetched(one.row, asset) for one in finished.stored for asset in one.assets]
        found += [verdicts.tried_in_vain(one.asset, one.problem, at=now) for one in finished.vain]
        verdicts.record(found)
        fetched = [each.asset_id for each in found if each.state == AssetState.FETCHED]
        listening.tell(account_id=self._account.pk, asset_ids=fetched)
        put_back([asset.id for one in finished.unstored for asset in one.assets], at=now)
        return new, len(found)

    def _sort_downloads(self, downloads: Iterable[Download]) -> tuple[list[Storing], list[Verdict]]:
        """Content that is stored already is shared; other content is stored once."""
        by_content: dict[str, list[Download]] = {}
        for one in downloads:
            by_content.setdefault(one.fetched.sha256, []).append(one)
        if not by_content:
            return [], []
        firsts = {sha256: same[0] for sha256, same in by_content.items()}
        rows = storing.register(account=self._account, downloads=firsts, at=clock.now())
        under_way = {one.row.id: one for one in self._storing.values()}
        new: list[Storing] = []
        known: list[Verdict] = []
        for sha256, (first, *others) in by_content.items():
            row = rows[sha256]
            assets = [first.asset, *(one.asset for one in others)]
            _close(others)
            if row.is_stored:
                known += [_fetched(row, asset) for asset in assets]
            elif row.id in under_way:
                under_way[row.id].assets += assets
            else:
                new.append(Storing(row, first, assets))
                continue
            first.fetched.close()
        return new, known

    def _start(self) -> list[DueAsset]:
        """Take as many as there are idle threads."""
        now = clock.now()
        free = self._policy.threads - len(self._running)
        if free <= 0 or self._is_over:
            return []
        chosen = self._waiting.hand_out(self._hosts, limit=free)
        hopeless = [asset for asset in chosen if asset.attempts >= MOST_ATTEMPTS]
        verdicts.record(
            [verdicts.given_up(asset, verdicts.WORKER_STOPPED, at=now) for asset in hopeless]
        )
        tried = [asset for asset in chosen if asset.attempts < MOST_ATTEMPTS]
        taken = take([asset.id for asset in tried], at=now) if tried else frozenset()
        starts = [asset for asset in tried if asset.id in taken]
        for asset in starts:
            self._hosts.asked(asset.host)
        return starts

    def _close_leftovers(self) -> None:
        for future in self._downloading:
            if not future.cancelled() and future.exception() is None:
                result = future.result()
                _close([result] if isinstance(result, Download) else [])
        _close(one.download for one in self._storing.values())


def _store(one: Storing) -> None:
    try:
        storing.put(one.row, one.download)
    finally:
        one.download.fetched.close()


def _fetched(row: FileRow, asset: DueAsset) -> Verdict:
    return verdicts.fetched(asset, file_id=row.id)


def _close(downloads: Iterable[Download]) -> None:
    for one in downloads:
        one.fetched.close()
