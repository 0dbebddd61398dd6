"""The fake that the engine is tried against keeps honest books, and our adapters agree with it."""

import json
import subprocess
import sys
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from imagery.providers import Operation, OutcomeClass, Reference
from imagery.providers.creativeai import CreativeAi
from imagery.providers.delivery import CollectedImage, CollectionPolicy, collect
from imagery.providers.openai import OpenAi
from imagery.providers.pixelapi import PixelApi
from outbound import Gate, Limits, PictureLimits
from tests.imagery.fake_provider import fake_provider
from tests.imagery.providers.speaking import asking, speaker

PHOTO = Reference(None, b"\x89PNG--photo", "image/png")


def collected(fake, outcome):
    policy = CollectionPolicy(
        limits=Limits(max_bytes=100_000),
        pictures=PictureLimits(max_pixels=10_000),
        gate=Gate(allowed_hosts=frozenset({fake.host_and_port})),
    )
    found = collect(outcome, policy=policy)
    assert all(isinstance(one, CollectedImage) for one in found)
    return [one.sha256 for one in found]


@pytest.mark.parametrize(
    ("dialect", "changes", "credits"),
    [
        (CreativeAi(), {"images": 4}, 40),
        (OpenAi(), {"images": 3, "reference": PHOTO}, 30),
        (OpenAi(), {"images": 1, "reference": None}, 10),
        (PixelApi(), {"images": 1, "operation": Operation.UPSCALE}, 50),
    ],
    ids=["creativeai", "openai_edit", "openai_generation", "pixelapi"],
)
def test_what_it_charges_for_is_what_can_be_collected(dialect, changes, credits):
    with fake_provider() as fake:
        outcome = speaker(fake.url, dialect).send(asking(**changes))
        digests = collected(fake, outcome)

    [charge] = fake.charges
    assert outcome.outcome is OutcomeClass.DELIVERED
    assert len(digests) == changes["images"]
    assert list(charge.delivered) == digests
    assert (charge.credits, charge.answered) == (credits, True)
    assert charge.key == ("" if dialect.name == "pixelapi" else "call-1")


def test_an_answer_that_was_set_is_given_once_and_not_charged():
    with fake_provider() as fake:
        fake.says(429, {"error": {"code": "slow_down"}}, {"Retry-After": "3"})
        provider = speaker(fake.url)
        first, second = provider.send(asking()), provider.send(asking())

    assert (first.outcome, first.code) == (OutcomeClass.REJECTED_FOR_NOW, "slow_down")
    assert first.retry_after == timedelta(seconds=3)
    assert second.outcome is OutcomeClass.DELIVERED
    assert [charge.call for charge in fake.charges] == [2]


def killed_calls(seed: int):
    """Forty calls, eight at a time, half of whose connections are killed."""
    with fake_provider(seed=seed, kill_share=0.5) as fake:
        provider = speaker(fake.url)
        requests = [asking(prompt=f"Mug {n}", idempotency_key=f"call-{n}") for n in range(40)]
        with ThreadPoolExecutor(8) as threads:
            outcomes = list(threads.map(provider.send, requests))
    keys = [request.idempotency_key for request in requests]
    return fake, dict(zip(keys, outcomes, strict=True))


def test_killed_connections_leave_a_call_unknown_and_never_falsely_unsent():
    fake, outcomes = killed_calls(seed=7)

    charged = {charge.key: charge for charge in fake.charges}
    kinds = {key: outcome.outcome for key, outcome in outcomes.items()}
    delivered = {key for key, kind in kinds.items() if kind is OutcomeClass.DELIVERED}
    assert set(kinds.values()) == {OutcomeClass.DELIVERED, OutcomeClass.UNKNOWN}
    assert delivered == {key for key, charge in charged.items() if charge.answered}
    assert len(charged) == len(fake.charges)
    # Charged and lost, or lost before: both are among the unknown ones.
    assert 0 < len(charged) - len(delivered) < len(kinds) - len(delivered)


def test_the_seed_settles_which_connections_are_killed():
    once, again, other = (killed_calls(seed)[1] for seed in (7, 7, 8))

    assert {key: out.outcome for key, out in once.items()} == {
        key: out.outcome for key, out in again.items()
    }
    assert {key: out.outcome for key, out in once.items()} != {
        key: out.outcome for key, out in other.items()
    }


def test_it_runs_as_a_process_with_books_to_read():
    arguments = [sys.executable, "-m", "tests.imagery.fake_provider", "--delay", "0.01"]
    root = Path(__file__).parents[2]
    with subprocess.Popen(arguments, cwd=root, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        outcome = speaker(url).send(asking())
        with urllib.request.urlopen(url.removesuffix("/v1") + "/ledger") as answer:
            books = json.load(answer)
        with urllib.request.urlopen(outcome.images[0].url) as answer:
            first = sha256(answer.read()).hexdigest()
        process.terminate()

    assert books["calls"] == 1
    assert books["charges"][0]["delivered"][0] == first
