"""The threads of a round: calls that are out, photos and pictures that are being fetched."""

import time
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Any, Final

from imagery.engine.assessing import ReadyCall
from imagery.engine.policy import Policy
from imagery.engine.sending import send
from imagery.models import ProviderCall
from imagery.providers.delivery import CollectionFailure
from imagery.providers.protocol import CallOutcome, Operation, Provider
from imagery.rehosting.bringing_home import bring_home
from imagery.rehosting.photo_fetching import PhotoFailure, StoredPhoto, copy_photo, fetch_photo
from imagery.rehosting.storing import Belonging, StoredImage

#: Seconds for fetching what an answer brought; what takes longer is rescued later.
_BRINGING_HOME: Final = 25.0

Fetched = StoredPhoto | PhotoFailure
Results = list[StoredImage | CollectionFailure]


@dataclass(frozen=True, slots=True)
class Answered:
    """A call that has come back; what it delivered is not here yet."""

    call: ProviderCall
    outcome: CallOutcome


class Lines:
    """Nothing in here touches the database, and nothing raises but our own mistakes."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._http = ThreadPoolExecutor(policy.threads, thread_name_prefix="call")
        self._studio = ThreadPoolExecutor(policy.studio_threads, thread_name_prefix="studio")
        # Beside them, so that a slow server of pictures never keeps a call from going out.
        self._files = ThreadPoolExecutor(policy.threads, thread_name_prefix="picture")
        self._sending: dict[Future[CallOutcome], ProviderCall] = {}
        self._local: set[int] = set()
        self._fetching: dict[Future[Fetched], ReadyCall] = {}
        self._bringing: dict[Future[Results], Answered] = {}

    @property
    def is_idle(self) -> bool:
        return not (self._sending or self._fetching or self._bringing)

    @property
    def calls_out(self) -> list[int]:
        """Begun, and not dealt with to the end."""
        bringing = [one.call.pk for one in self._bringing.values()]
        return [call.pk for call in self._sending.values()] + bringing

    def out_to(self, account_id: int, provider: str) -> int:
        """Calls of the account that the provider has not answered yet."""
        asked = (account_id, provider)
        return sum((call.account_id, call.provider) == asked for call in self._sending.values())

    def has_room(self, *, is_local: bool) -> bool:
        if is_local:
            return len(self._local) < self._policy.studio_threads
        return len(self._sending) - len(self._local) < self._policy.threads

    def send(self, call: ProviderCall, provider: Provider) -> None:
        is_local = provider.capabilities.is_local
        pool = self._studio if is_local else self._http
        self._sending[pool.submit(send, call, provider)] = call
        if is_local:
            self._local.add(call.pk)

    def bring_photo(self, ready: ReadyCall) -> None:
        """The one that a provider is to be given as bytes."""
        photo, account_uuid = ready.photo, str(ready.call.account.uuid)
        if photo.copy_from:
            lent = StoredPhoto(photo.copy_from, photo.content_type, photo.sha256, is_lent=True)
            future = self._files.submit(copy_photo, lent, account_uuid=account_uuid)
        else:
            future = self._files.submit(
                fetch_photo,
                photo.fetch_from,
                account_uuid=account_uuid,
                policy=self._policy.photos,
            )
        self._fetching[future] = ready

    def bring_home(self, answered: Answered, *, is_local: bool) -> None:
        belonging = Belonging(
            account_uuid=str(answered.call.account.uuid),
            operation=Operation(answered.call.operation),
            is_local=is_local,
        )
        self._bringing[
            self._files.submit(
                bring_home,
                answered.outcome.images,
                belonging,
                policy=self._policy.collection,
                until=time.monotonic() + _BRINGING_HOME,
            )
        ] = answered

    def wait(self, seconds: float) -> None:
        """Until something has come back, for so long at most."""
        running: list[Future[Any]] = [*self._sending, *self._fetching, *self._bringing]
        if running:
            wait(running, timeout=seconds, return_when=FIRST_COMPLETED)
        else:
            time.sleep(seconds)

    def answers(self) -> Iterator[Answered]:
        for future in [future for future in self._sending if future.done()]:
            call = self._sending.pop(future)
            self._local.discard(call.pk)
            yield Answered(call, future.result())

    def photos(self) -> Iterator[tuple[ReadyCall, Fetched]]:
        for future in [future for future in self._fetching if future.done()]:
            yield self._fetching.pop(future), future.result()

    def pictures(self) -> Iterator[tuple[Answered, Results]]:
        for future in [future for future in self._bringing if future.done()]:
            yield self._bringing.pop(future), future.result()

    def close(self) -> None:
        for pool in (self._http, self._studio, self._files):
            pool.shutdown(wait=True, cancel_futures=True)
