"""Images with real bytes, approved as reviewers do, and built as workers do."""

from hashlib import sha256
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image

from accounts.models import Account
from imagery.marking import DigitalSource, marked
from imagery.models import Decision, GeneratedImage, Publication, RejectReason, Rendition
from imagery.renditions.files import public_directory
from imagery.renditions.tasks import settle_publication
from imagery.review import deciding
from imagery.review.deciding import Seen
from imagery.review.trail import Reviewer
from jobs import clock
from tests.factories.imagery import GeneratedImageFactory
from tests.imagery.renditions.pictures import RED, file_of

#: Files of one picture: five presets in two formats, seven channels.
FILES = 17


def picture(colour: tuple[int, int, int] = RED, size: tuple[int, int] = (320, 200)) -> bytes:
    content = file_of(Image.new("RGB", size, colour))
    return marked(content, DigitalSource.TRAINED_ALGORITHMIC_MEDIA)


def stored_image(
    account: Account | None = None, *, content: bytes | None = None, **fields: Any
) -> GeneratedImage:
    """To be reviewed; its bytes lie in the storage."""
    content = content or picture()
    if account is not None:
        fields["account"] = account
    image = GeneratedImageFactory.create(sha256=sha256(content).hexdigest(), **fields)
    if not default_storage.exists(image.storage_path):
        default_storage.save(image.storage_path, ContentFile(content))
    return image


def approve(image: GeneratedImage) -> GeneratedImage:
    image.refresh_from_db()
    seen = Seen(image.pk, image.sha256, Decision(image.decision))
    deciding.approve(account_id=image.account_id, seen=seen, reviewer=Reviewer())
    image.refresh_from_db()
    return image


def reject(image: GeneratedImage) -> None:
    image.refresh_from_db()
    seen = Seen(image.pk, image.sha256, Decision(image.decision))
    reason = RejectReason.values[0]
    deciding.reject(
        account_id=image.account_id, seen=seen, reviewer=Reviewer(), reason=RejectReason(reason)
    )


def published_image(account: Account | None = None, **fields: Any) -> GeneratedImage:
    """Approved, and built."""
    image = approve(stored_image(account, **fields))
    settle()
    return image


def settle() -> int:
    """Do what is due, as workers do when they hear the bell; how many jobs that were."""
    due = list(Publication.job_rows().due(at=clock.now()).values_list("pk", flat=True))
    for pk in due:
        settle_publication(pk)
    return len(due)


def let_time_pass() -> None:
    """Until whatever waits is due."""
    Publication.objects.filter(run_after__isnull=False).update(run_after=clock.now())


def public_files(account: Account) -> list[str]:
    """Paths of everything that lies in the account's public part."""
    return sorted(_below(public_directory(account.uuid)))


def _below(directory: str) -> list[str]:
    try:
        directories, names = default_storage.listdir(directory)
    except FileNotFoundError:
        return []
    found = [f"{directory}/{name}" for name in names]
    for each in directories:
        found += _below(f"{directory}/{each}")
    return found


def rows_of(image: GeneratedImage) -> list[Rendition]:
    return list(Rendition.objects.filter(account_id=image.account_id, sha256=image.sha256))
