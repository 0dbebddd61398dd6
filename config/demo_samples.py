"""The demo's products with photos: drawn by the project itself, so that pictures can be made of
them on a machine without a network or a key."""

import hashlib
import io
from typing import Final

from django.conf import settings
from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from accounts.models import Account
from bulk_uploads.models import BulkUpload
from bulk_uploads.services import create_upload
from catalog.models import AssetState, MediaAsset, MediaFile
from config.demo import EXAMPLE_PROCESSOR, Demo
from jobs import clock
from outbound import PictureLimits, read_picture

#: SKUs and the addresses of their photos stand in the file; nobody answers at them.
FILE: Final = "examples/sample-products.csv"
PHOTOS: Final = "https://samples.example/{name}.png"
RECIPE: Final = "pipeline"
NAMES: Final = ("mug", "fan", "shoe", "lamp")
_SIDE: Final = 900


def import_samples(*, demo: Demo) -> BulkUpload:
    """Keep the photos as if they had been fetched, and upload the file that names them."""
    for name in NAMES:
        _keep_photo(demo.account, name)
    with (settings.BASE_DIR / FILE).open("rb") as content:
        return create_upload(
            account=demo.account,
            content=File(content, name=FILE.rpartition("/")[2]),
            name=FILE.rpartition("/")[2],
            content_type="text/csv",
            processor_name=EXAMPLE_PROCESSOR,
            options={"recipe": RECIPE},
            created_by=demo.user,
            token=None,
        )


def _keep_photo(account: Account, name: str) -> None:
    """The address is known as fetched before anything names it: so nobody asks the network."""
    url = PHOTOS.format(name=name)
    if MediaAsset.objects.filter(account=account, url=url).exists():
        return
    photo = _drawn(name)
    sha256 = hashlib.sha256(photo).hexdigest()
    picture = read_picture(io.BytesIO(photo), limits=PictureLimits(max_pixels=_SIDE * _SIDE))
    directory = f"{account.uuid}/private/media/{sha256[:2]}"
    now = clock.now()
    file = MediaFile(
        account=account,
        sha256=sha256,
        content_type=picture.content_type,
        byte_size=len(photo),
        width=picture.width,
        height=picture.height,
        storage_path=f"{directory}/{sha256}.{picture.extension}",
        thumbnail_path=f"{directory}/{sha256}.thumbnail.webp",
        created_at=now,
        stored_at=now,
    )
    for path, content in ((file.storage_path, photo), (file.thumbnail_path, picture.thumbnail)):
        if not default_storage.exists(path):
            default_storage.save(path, ContentFile(content))
    with transaction.atomic():
        file.save()
        MediaAsset.objects.create(
            account=account,
            url=url,
            state=AssetState.FETCHED,
            created_at=now,
            due_at=None,
            attempts=1,
            file=file,
        )


def _drawn(name: str) -> bytes:
    from imagery.samples import draw_sample

    drawn = io.BytesIO()
    draw_sample(name, side=_SIDE).photo.save(drawn, "PNG")
    return drawn.getvalue()
