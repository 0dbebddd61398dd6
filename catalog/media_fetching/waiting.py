"""The due pictures of a round, read ahead page by page and handed out server by server."""

from collections import deque
from datetime import datetime

from catalog.media_fetching.due import DueAsset, due_page
from catalog.media_fetching.hosts import Hosts
from catalog.media_fetching.verdicts import Verdict

_READ_AHEAD = 1_000
_PAGE = 500


class Waiting:
    """Holds about a thousand at a time, whatever the number that is due."""

    def __init__(self, *, account_id: int, at: datetime) -> None:
        self._account_id = account_id
        self._at = at
        self._by_host: dict[str, deque[DueAsset]] = {}
        self._count = 0
        self._last: DueAsset | None = None
        self._has_read_all = False

    def refill(self) -> None:
        """Read on, so that one slow server's crowd does not hide the others."""
        while self._count < _READ_AHEAD and not self._has_read_all:
            page = due_page(
                account_id=self._account_id, at=self._at, behind=self._last, limit=_PAGE
            )
            for asset in page:
                self._by_host.setdefault(asset.host, deque()).append(asset)
            self._count += len(page)
            self._last = page[-1] if page else self._last
            self._has_read_all = len(page) < _PAGE

    def hand_out(self, hosts: Hosts, *, limit: int) -> list[DueAsset]:
        """One of each server in turn, as far as its manners allow."""
        chosen: list[DueAsset] = []
        room = {host: hosts.room(host) for host in self._by_host}
        while len(chosen) < limit:
            ready = [host for host, due in self._by_host.items() if due and room[host] > 0]
            for host in ready[: limit - len(chosen)]:
                chosen.append(self._by_host[host].popleft())
                room[host] -= 1
            if not ready:
                break
        self._count -= len(chosen)
        self._forget_empty()
        return chosen

    def sort_out(self, hosts: Hosts, *, at: datetime, limit: int) -> list[Verdict]:
        """What a closed server's pictures come to without being tried."""
        verdicts: list[Verdict] = []
        for host, due in self._by_host.items():
            closure = hosts.closure(host)
            while closure is not None and due and len(verdicts) < limit:
                verdicts.append(closure.verdict(due.popleft(), at=at))
        self._count -= len(verdicts)
        self._forget_empty()
        return verdicts

    def __len__(self) -> int:
        return self._count

    def _forget_empty(self) -> None:
        self._by_host = {host: due for host, due in self._by_host.items() if due}
