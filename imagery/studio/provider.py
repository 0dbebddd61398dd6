"""The studio behind the providers' protocol: free, in process, the same answer each time."""

import threading
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from imagery.marking import DigitalSource
from imagery.providers.protocol import (
    CallOutcome,
    Capabilities,
    DeliveredImage,
    ImageRequest,
    Operation,
    OutcomeClass,
)
from imagery.studio.errors import StudioError, UnknownWish

if TYPE_CHECKING:
    from PIL import Image

#: One version for all: it belongs to what a picture is explained by.
MODEL: Final = "studio-1"
#: One at a time a process: opened, a large picture is hundreds of megabytes.
_drawing = threading.Lock()


class Studio:
    """What it can do, and its parameters:

    remove_background  a photo on a seamless background -> transparent PNG.
    upscale            `scale` 2 to 4 (default 2).
    replace_background, edit, generate  the product of the photo, cut out, in a scene: `scene` is
                       its name or "white"; without it the prompt chooses.
    """

    name: Final = "studio"
    capabilities: Final = Capabilities(
        most_images=dict.fromkeys(Operation, 1), needs_bytes=True, takes_url=False, is_local=True
    )

    def send(self, request: ImageRequest) -> CallOutcome:
        try:
            with _drawing:
                content = _DONE_BY[request.operation](request)
        except StudioError as error:
            return _refused(error.code, error.reason)
        except Exception as error:
            # Never raised, as by any other provider: the next rung may do better.
            return _refused("studio_failed", f"The studio failed: {type(error).__name__}.")
        image = DeliveredImage(url=None, content=content, expires_at=None)
        outcome = OutcomeClass.DELIVERED if request.images == 1 else OutcomeClass.SHORT
        code = "" if request.images == 1 else "one_at_a_time"
        return CallOutcome(outcome, images=(image,), model_actual=MODEL, code=code)


_STUDIO: Final = Studio()


def the_studio() -> Studio:
    return _STUDIO


def _refused(code: str, message: str) -> CallOutcome:
    return CallOutcome(OutcomeClass.REFUSED, model_actual=MODEL, code=code, message=message)


def _photo(request: ImageRequest) -> "Image.Image":
    from imagery.studio.opening import open_picture

    if request.reference is None or request.reference.content is None:
        raise UnknownWish("no_reference", "The studio works on a photo, and none was given.")
    return open_picture(request.reference.content)


def _remove_background(request: ImageRequest) -> bytes:
    from imagery.studio.cutting import cut_out
    from imagery.studio.encoding import encoded

    cut = cut_out(_photo(request))
    return encoded(cut.picture, DigitalSource.ALGORITHMICALLY_ENHANCED)


def _upscale(request: ImageRequest) -> bytes:
    from imagery.studio.encoding import encoded
    from imagery.studio.enlarging import enlarged, enlargement_note

    photo = _photo(request)
    scale = request.parameters.get("scale", 2)
    if isinstance(scale, bool) or not str(scale).isdecimal():
        raise UnknownWish("bad_scale", "Pictures are enlarged 2, 3 or 4 times.")
    large = enlarged(photo, int(scale))
    note = enlargement_note(photo, int(scale))
    return encoded(large, DigitalSource.ALGORITHMICALLY_ENHANCED, note=note)


def _set_in_scene(request: ImageRequest) -> bytes:
    from imagery.studio.composing import in_scene, on_white, scene_for
    from imagery.studio.cutting import cut_out
    from imagery.studio.encoding import encoded
    from imagery.studio.scenes import SCENE_NAMES

    wanted = request.parameters.get("scene")
    if wanted is not None and wanted not in (*SCENE_NAMES, "white"):
        known = ", ".join((*SCENE_NAMES, "white"))
        raise UnknownWish("unknown_scene", f"The studio's scenes are: {known}.")
    product = cut_out(_photo(request)).picture
    name = scene_for(request.prompt) if wanted is None else str(wanted)
    picture = on_white(product) if name == "white" else in_scene(product, name)
    return encoded(picture, DigitalSource.COMPOSITE)


_DONE_BY: Final[Mapping[Operation, Callable[[ImageRequest], bytes]]] = {
    Operation.REMOVE_BACKGROUND: _remove_background,
    Operation.UPSCALE: _upscale,
    Operation.REPLACE_BACKGROUND: _set_in_scene,
    Operation.EDIT: _set_in_scene,
    Operation.GENERATE: _set_in_scene,
}
