"""Asking for pictures, working on them in process, and looking at what came of it."""

import io
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from accounts.models import Account
from imagery.engine.policy import Policy
from imagery.engine.settling import Ending, settle
from imagery.models import (
    ImageJob,
    JobState,
    JobWant,
    ProviderCall,
    RecipeStep,
    RecipeVersion,
    ReferencePhoto,
    Role,
    Want,
)
from imagery.providers.protocol import CallOutcome, DeliveredImage, Operation, OutcomeClass
from imagery.rehosting.bringing_home import bring_home
from imagery.rehosting.storing import Belonging
from imagery.samples import draw_sample
from imagery.tasks import run_round
from jobs import clock
from tests.factories.imagery import (
    ImageJobFactory,
    LadderRungFactory,
    RecipeStepFactory,
    RecipeVersionFactory,
    WantFactory,
)
from tests.imagery.engine.policies import AT_ONCE, policy_for_ports
from tests.imagery.fake_provider import FakeProvider

#: In micro-units.
CREDIT: Final = 1_000_000
PHOTO_URL: Final = "https://cdn.example.com/mug.jpg"


def policy_for(fake: FakeProvider | None = None, **changes: Any) -> Policy:
    """Reaches this machine's own servers alone."""
    return policy_for_ports(*([fake.port] if fake else []), **changes)


def work(fake: FakeProvider | None = None, **changes: Any) -> None:
    """Everything that is due now."""
    run_round(policy=policy_for(fake, **changes))


def recipe(account: Account, *ladder: str, **step: Any) -> RecipeStep:
    """One step; `ladder` are the providers that are asked in turn."""
    version = step.pop("version", None) or RecipeVersionFactory.create(recipe__account=account)
    made = RecipeStepFactory.create(version=version, rung=None, **step)
    for position, provider in enumerate(ladder):
        LadderRungFactory.create(
            step=made, position=position, provider=provider, model=f"{provider}-model"
        )
    return made


def photo_of(account: Account, url: str = PHOTO_URL, *, is_kept: bool = True) -> ReferencePhoto:
    """A mug on plain ground; we have its bytes unless told otherwise."""
    found = ReferencePhoto.objects.filter(account=account, url=url).first()
    if found is not None:
        return found
    photo = ReferencePhoto(account=account, url=url, identity=f"url:{url}")
    if is_kept:
        content = mug()
        photo.sha256 = sha256(content).hexdigest()
        photo.content_type = "image/jpeg"
        photo.kept_path = f"{account.uuid}/private/references/{photo.sha256}.jpg"
        if not default_storage.exists(photo.kept_path):
            default_storage.save(photo.kept_path, ContentFile(content))
    photo.save()
    return photo


def mug(side: int = 120) -> bytes:
    file = io.BytesIO()
    draw_sample("mug", side=side).photo.save(file, "JPEG", quality=92)
    return file.getvalue()


def ask(
    *steps: RecipeStep,
    sku: str = "MUG-1",
    images: int = 1,
    photo: ReferencePhoto | None = None,
    **fields: Any,
) -> ImageJob:
    """A due job for the steps of one recipe version, which may build on one another."""
    version: RecipeVersion = steps[0].version
    account = version.recipe.account
    job = ImageJobFactory.create(account=account, sku=sku, recipe_version=version, **fields)
    of_step: dict[int, Want] = {}
    for step in steps:
        for number in range(images):
            before = of_step.get(step.input_step_id or 0)
            want = WantFactory.create(
                account=account,
                sku=sku,
                role=step.role,
                step=step,
                recipe_version=version,
                parameters=step.parameters,
                reference=None if before else photo,
                input_want=before,
                image_number=number + 1,
            )
            JobWant.objects.create(job=job, want=want)
            of_step.setdefault(step.pk, want)
    return job


def pipeline(account: Account, *ladder: str) -> Sequence[RecipeStep]:
    """Three steps that build on one another, the middle one of which is not delivered; all by the
    same ladder. (No scenes: they take the studio seconds.)"""
    cut = recipe(account, *ladder, role=Role.CUTOUT, operation=Operation.REMOVE_BACKGROUND)
    larger = recipe(
        account,
        *ladder,
        version=cut.version,
        role="",
        operation=Operation.UPSCALE,
        parameters={"scale": 2},
        input_step=cut,
    )
    room = recipe(
        account,
        *ladder,
        version=cut.version,
        role=Role.LIFESTYLE,
        operation=Operation.UPSCALE,
        parameters={"scale": 2},
        input_step=larger,
    )
    return cut, larger, room


def answer(call: ProviderCall, *contents: bytes) -> frozenset[int]:
    """The end of a call that delivers these pictures, whoever sent it and when."""
    images = tuple(DeliveredImage(None, content, None) for content in contents)
    belonging = Belonging(str(call.account.uuid), Operation(call.operation), is_local=False)
    results = bring_home(images, belonging, policy=policy_for().collection, until=0)
    outcome = CallOutcome(OutcomeClass.DELIVERED, images=images, request_id="late")
    return settle(Ending(call.pk, outcome, results), retries=AT_ONCE)


def state_of_job(job: ImageJob) -> tuple[str, str]:
    """And its code."""
    job.refresh_from_db()
    return job.state, job.error_code


def outcomes(job: ImageJob) -> list[str]:
    """Of its calls, in order: provider and how each ended, or what it waits for."""
    calls = ProviderCall.objects.filter(job=job).order_by("pk")
    return [f"{call.provider} {call.outcome or call.waits_for or call.state}" for call in calls]


def come_due(*jobs: ImageJob) -> None:
    """What the passing of time does, without the waiting."""
    now = clock.now()
    keys = [job.pk for job in jobs]
    Want.objects.filter(jobs__in=keys, due_at__isnull=False).update(due_at=now)
    ProviderCall.objects.filter(job__in=keys, due_at__isnull=False).update(due_at=now)
    waiting = ImageJob.objects.filter(pk__in=keys, state=JobState.WAITING)
    waiting.update(run_after=now)


def generated_files(account: Account) -> list[str]:
    """Every generated picture and thumbnail of the account, by path."""
    root = Path(default_storage.path(""))
    directory = root / str(account.uuid) / "private" / "generated"
    return sorted(str(path.relative_to(root)) for path in directory.rglob("*") if path.is_file())
