"""Generated images with real bytes in the storage, and their checking done as a worker does it."""

import hashlib

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image

from accounts.models import Account
from imagery.checks.checking import enqueue_for
from imagery.checks.tasks import run_slice
from imagery.models import GeneratedImage, ImageChecking
from tests.factories.catalog import MediaFileFactory
from tests.factories.imagery import GeneratedImageFactory, ReferencePhotoFactory, WantFactory
from tests.imagery.checks.pictures import boxed, encoded


def stored_image(
    account: Account, picture: Image.Image | bytes | None = None, **fields: object
) -> GeneratedImage:
    """With these bytes, or this picture as JPEG, kept where the row says."""
    content = picture if isinstance(picture, bytes) else encoded(picture or boxed(0.5, side=200))
    named = {"sha256": hashlib.sha256(content).hexdigest(), "byte_size": len(content), **fields}
    image: GeneratedImage = GeneratedImageFactory(account=account, **named)
    if not default_storage.exists(image.storage_path):
        default_storage.save(image.storage_path, ContentFile(content))
    return image


def made_after(account: Account, photo: Image.Image) -> object:
    """A want that starts from this photo, which the catalog has fetched."""
    file = MediaFileFactory(account=account, content=encoded(photo))
    return WantFactory(account=account, reference=ReferencePhotoFactory(account=account, file=file))


def check(*images: GeneratedImage) -> None:
    """Have them checked, and whatever else of their account is due."""
    for image in images:
        enqueue_for(image)
    work(images[0].account)


def work(account: Account) -> None:
    """Slice after slice until the job rests."""
    checking = ImageChecking.objects.get(account=account)
    while run_slice(checking.pk):
        pass
