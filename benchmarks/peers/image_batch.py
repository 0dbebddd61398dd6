"""The same batch through the product: planned, paid for, fetched, marked, stored and recorded."""

import csv
import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from time import perf_counter
from urllib.parse import urlsplit

from django.conf import settings

from accounts.models import Account
from benchmarks.account import bench_account
from benchmarks.outcome import Outcome
from imagery.engine.policy import Policy
from imagery.models import (
    GeneratedImage,
    ImageJob,
    JobState,
    PriceRow,
    PriceUnit,
    RecipeVersion,
    Role,
    Trigger,
)
from imagery.money.books import imbalances
from imagery.money.budgets import set_budget
from imagery.money.slots import state_of
from imagery.planning.requests import Target, request_images
from imagery.providers.protocol import Operation
from imagery.recipes.drafts import RungDraft, StepDraft
from imagery.recipes.editing import save_recipe
from imagery.tasks import run_round

_LONG_ENOUGH = 600.0


def measure(
    *, file: str, manifest: str, base_url: str, key: str, images: int = 4, at_a_time: int = 6
) -> Outcome:
    """Seconds in all, and of them `planning`, the time until all jobs are there."""
    settings.CREATIVEAI_BASE_URL, settings.CREATIVEAI_API_KEY = base_url, key
    address = urlsplit(base_url)
    settings.OUTBOUND_ALLOWED_HOSTS = frozenset({(address.hostname, address.port)})
    account = bench_account()
    version = _prepared(account, at_a_time)
    began = perf_counter()
    with Path(file).open(newline="", encoding="utf-8") as source:
        rows = list(csv.DictReader(source))
    targets = [Target(sku=row.pop("sku"), inputs=row, images=images) for row in rows]
    request_images(account=account, targets=targets, version=version, trigger=Trigger.BATCH_FILE)
    planned = perf_counter()
    run_round(policy=replace(Policy.from_settings(), slice_seconds=_LONG_ENOUGH))
    _write_manifest(account, Path(manifest))
    ended = perf_counter()
    if imbalances(account=account):
        raise RuntimeError("the books do not add up")
    completed = ImageJob.objects.filter(account=account, state=JobState.DELIVERED).count()
    facts = {
        "completed": completed,
        "failed": len(rows) - completed,
        "images": GeneratedImage.objects.filter(account=account).count(),
    }
    return Outcome(seconds={"total": ended - began, "planning": planned - began}, facts=facts)


def _prepared(account: Account, at_a_time: int) -> RecipeVersion:
    """What an account has set once: a budget, a price, a recipe, and what the provider bears."""
    set_budget(account=account, monthly_cap_micros=10**12)
    PriceRow.objects.create(
        account=account,
        provider="creativeai",
        from_date=date(2024, 1, 1),
        unit=PriceUnit.IMAGE,
        unit_micros=1_000,
        source="bench",
    )
    state = state_of(provider="creativeai", account=account)
    state.most_at_once = state.at_once_now = at_a_time
    state.save()
    step = StepDraft(
        name="hero",
        role=Role.HERO,
        operation=Operation.GENERATE,
        prompt_template="Hero photo of {title} by {brand}: {style_tags}.",
        size="1024x1024",
        quality="high",
        ladder=(RungDraft("creativeai", "gpt-image-1"),),
    )
    return save_recipe(account=account, name="bench", description="", steps=(step,), by=None)


def _write_manifest(account: Account, path: Path) -> None:
    """In the shape that the script writes."""
    lines: dict[str, dict[str, object]] = {}
    images = GeneratedImage.objects.filter(account=account).select_related("call")
    for image in images.order_by("pk").iterator():
        call = image.call
        empty: list[str] = []
        line = lines.setdefault(
            image.sku,
            {
                "sku": image.sku,
                "status": "completed",
                "image_count": 0,
                "image_urls": empty,
                "request_id": call.request_id if call else None,
                "model_actual": call.model_actual if call else None,
            },
        )
        urls = line["image_urls"]
        assert isinstance(urls, list)
        urls.append(str(image.uuid))
        line["image_count"] = len(urls)
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines.values()))
