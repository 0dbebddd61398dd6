"""Workers that buy pictures are killed, by a provider that breaks connections off and charges."""

import random
from collections import Counter
from collections.abc import Iterator

import pytest

from accounts.models import Account
from imagery.engine.waking import wake_due
from imagery.models import (
    BudgetMonth,
    GeneratedImage,
    ImageJob,
    PriceUnit,
    ProviderCall,
)
from imagery.money.books import imbalances
from imagery.money.budgets import set_budget
from tests.factories.imagery import PriceRowFactory
from tests.faults.workers import LEASE_SECONDS, Worker, WorkerHost
from tests.imagery.engine.working import CREDIT, ask, photo_of, recipe
from tests.imagery.fake_provider import Conduct, FakeProvider, fake_provider
from tests.waiting import wait_until

SKUS = 12
WORKERS = 4
DEATHS = 6


@pytest.fixture
def account(accounts) -> Account:
    account = accounts[0]
    PriceRowFactory.create(
        account=account, provider="creativeai", unit=PriceUnit.CREDIT,
        unit_micros=CREDIT, most_per_image=10,
    )  # fmt: skip
    return account


@pytest.fixture
def fake() -> Iterator[FakeProvider]:
    with fake_provider(delay=0.05) as provider:
        yield provider


def jobs_of(account: Account, *, images: int = 1) -> list[ImageJob]:
    step, photo = recipe(account, "creativeai"), photo_of(account)
    return [ask(step, sku=f"SKU-{number}", images=images, photo=photo) for number in range(SKUS)]


def test_killed_workers_lose_nothing_and_pay_nothing_twice(host: WorkerHost, account, fake):
    set_budget(account=account, monthly_cap_micros=10_000 * CREDIT)
    fake.conduct = Conduct(delay=0.05, seed=3, kill_share=0.1)
    jobs_of(account, images=2)

    strike_at_random(host, fake, chance=random.Random(11))
    host.make_images(port=fake.port, lease=LEASE_SECONDS).wait()

    states = Counter(ImageJob.objects.values_list("state", flat=True))
    assert set(states) <= {"delivered", "partly_delivered", "missing_image"}
    assert sum(states.values()) == SKUS
    assert imbalances(account=account) == ()
    assert not ProviderCall.objects.exclude(state="ended").exists()
    assert_paid_once(fake)


def strike_at_random(host: WorkerHost, fake: FakeProvider, *, chance: random.Random) -> None:
    """Workers side by side, of which any dies at any moment and another one takes its place."""

    def start() -> Worker:
        return host.make_images(port=fake.port, lease=LEASE_SECONDS)

    crew = [start() for _ in range(WORKERS)]
    for _ in range(DEATHS):
        wait_for_calls(fake, crew, fake.books.calls + chance.randint(1, 4))
        crew.pop(chance.randrange(WORKERS)).kill()
        crew.append(start())
    for worker in crew:
        worker.kill()


def wait_for_calls(fake: FakeProvider, crew: list[Worker], enough: int) -> None:
    """So many in all, or until nobody has anything more to do."""
    wait_until(
        lambda: fake.books.calls >= enough or not any(worker.is_alive for worker in crew),
        seconds=60,
    )


def assert_paid_once(fake: FakeProvider) -> None:
    """What the fake charged for is ours, or was of an outcome that nobody could know."""
    calls = ProviderCall.objects.all()
    delivered = calls.filter(outcome="delivered")
    unknown = Counter(calls.filter(outcome="unknown").values_list("idempotency_key", flat=True))
    charged = Counter(charge.key for charge in fake.charges)
    known = Counter(delivered.values_list("idempotency_key", flat=True))
    for key, times in charged.items():
        assert times <= known[key] + unknown[key]
        assert known[key] <= 1
    ours = Counter(GeneratedImage.objects.values_list("delivered_sha256", flat=True))
    theirs = {content for charge in fake.charges for content in charge.delivered}
    assert set(ours) <= theirs
    assert set(ours.values()) == {1}
    assert sum(ours.values()) == 2 * delivered.count()
    spent = sum(delivered.values_list("settled_micros", flat=True))
    assert spent == 20 * CREDIT * delivered.count()


def test_workers_keep_to_a_cap_together_and_go_on_when_it_is_raised(host, account, fake):
    set_budget(account=account, monthly_cap_micros=70 * CREDIT)
    jobs_of(account)

    workers = [host.make_images(port=fake.port) for _ in range(3)]
    for worker in workers:
        worker.wait()

    assert fake.credits == 70
    assert BudgetMonth.objects.get().settled_micros == 70 * CREDIT
    waiting = ImageJob.objects.filter(state="waiting")
    assert waiting.count() == SKUS - 7
    assert set(waiting.values_list("error_code", flat=True)) == {"budget"}

    set_budget(account=account, monthly_cap_micros=1_000 * CREDIT)
    wake_due()
    host.make_images(port=fake.port).wait()

    assert set(ImageJob.objects.values_list("state", flat=True)) == {"delivered"}
    assert fake.credits == 10 * SKUS
    assert imbalances(account=account) == ()
