"""The source photo behind an image, as a figure to compare with; kept for those made of it too."""

from collections import OrderedDict
from typing import Final

from django.core.files.storage import default_storage

from imagery.checks.fidelity import Figures
from imagery.checks.measures import Missing
from imagery.checks.measuring import NO_REFERENCE, reference_figures
from imagery.engine.views import stored_photos
from imagery.models import GeneratedImage, ReferencePhoto, Want

#: An image's own want, and how far up its photo can lie: a scene from an enlargement of a cut-out.
WITH_PHOTO: Final = (
    "want__reference__file",
    "want__input_want__reference__file",
    "want__input_want__input_want__reference__file",
)
_KEPT: Final = 16
REFERENCE_GONE: Final = Missing(
    "reference_gone", "The reference photo is not in our storage (any more)."
)


class References:
    """For one round of checking: candidates of one SKU come together, so few figures do."""

    def __init__(self) -> None:
        self._figures: OrderedDict[int, Figures | Missing] = OrderedDict()

    def of(self, image: GeneratedImage) -> Figures | Missing:
        """Needs the relations `WITH_PHOTO` at hand. Raises OSError if the storage fails."""
        photo = _photo_of(image.want)
        if photo is None:
            return NO_REFERENCE
        if photo.pk not in self._figures:
            figures = _read(photo)
            if figures is REFERENCE_GONE:
                # It may come while other images are looked at.
                return figures
            self._figures[photo.pk] = figures
            if len(self._figures) > _KEPT:
                self._figures.popitem(last=False)
        return self._figures[photo.pk]


def _photo_of(want: Want | None) -> ReferencePhoto | None:
    while want is not None:
        if want.reference is not None:
            return want.reference
        want = want.input_want
    return None


def _read(photo: ReferencePhoto) -> Figures | Missing:
    stored = stored_photos([photo]).get(photo.pk)
    if stored is None:
        return REFERENCE_GONE
    try:
        with default_storage.open(stored.path) as file:
            return reference_figures(file.read())
    except FileNotFoundError:
        return REFERENCE_GONE
