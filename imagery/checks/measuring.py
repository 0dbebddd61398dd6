"""Measuring one picture: decoded once, looked at for everything that rules are about."""

from PIL import Image

from imagery.checks.fidelity import Figures, compared, figures_of
from imagery.checks.fingerprinting import likeness_of
from imagery.checks.headers import facts_of
from imagery.checks.measures import MEASURED, Fidelity, FileFacts, Measures, Missing
from imagery.checks.sharpness import softness_of
from imagery.checks.silhouettes import Silhouette, on_white_ground, silhouette_of
from imagery.checks.whiteness import white_share
from imagery.studio.errors import NoOutline, NotSeamless, StudioError, UnusablePicture
from imagery.studio.opening import open_picture

NO_REFERENCE = Missing("no_reference", "There is no reference photo to compare it with.")
_NO_EDGES = Missing("no_edges", "It has no edges that could be sharp.")
_PLAIN = Missing("plain", "It is one plain surface.")
_NO_BACKGROUND = Missing("no_background", "Nothing but the product is to be seen.")
_IN_A_SCENE = Missing(
    "in_a_scene", "The product's own outline cannot be told from what stands around it."
)


def measure(
    content: bytes, *, reference: Figures | Missing = NO_REFERENCE, in_scene: bool = False
) -> Measures:
    """Never raises for what is in the file: what cannot be measured says why.

    `in_scene` says that more than the product is meant to be seen: an outline with nothing of the
    reference's shape is as likely the scene's.
    """
    facts = None
    try:
        facts = facts_of(content)
        picture = open_picture(content)
    except UnusablePicture as unusable:
        return unseen(len(content), Missing(unusable.code, unusable.reason), facts=facts)
    return _measured(picture, facts, reference, in_scene=in_scene)


def unseen(byte_size: int, why: Missing, *, facts: FileFacts | None = None) -> Measures:
    """The measures of a picture that nobody could look at."""
    return Measures(byte_size=byte_size, facts=facts, missing=dict.fromkeys(MEASURED, why))


def reference_figures(content: bytes) -> Figures | Missing:
    """What pictures made after this photo are compared with."""
    try:
        return figures_of(silhouette_of(open_picture(content)))
    except StudioError as refused:
        return Missing(refused.code, f"The reference photo: {refused.reason}")


def _measured(
    picture: Image.Image, facts: FileFacts, reference: Figures | Missing, *, in_scene: bool
) -> Measures:
    missing: dict[str, Missing] = {}
    ground = on_white_ground(picture)
    outline = _outline(picture)
    softness, likeness = softness_of(ground), likeness_of(ground)
    white = white_share(ground, None if isinstance(outline, Missing) else outline.background)
    if softness is None:
        missing["softness"] = _NO_EDGES
    if likeness is None:
        missing["likeness"] = _PLAIN
    if isinstance(outline, Missing):
        missing["fill"] = outline
    if white is None:
        missing["white"] = outline if isinstance(outline, Missing) else _NO_BACKGROUND
    fidelity = _fidelity(outline, reference)
    if in_scene and isinstance(fidelity, Fidelity) and not fidelity.shape:
        fidelity = _IN_A_SCENE
    if isinstance(fidelity, Missing):
        missing["fidelity"] = fidelity
    return Measures(
        byte_size=facts.byte_size,
        facts=facts,
        fill=None if isinstance(outline, Missing) else outline.fill,
        white=white,
        # In pixels of the file, not of the picture as it was reduced for measuring.
        softness=softness and softness * max(1.0, facts.width / picture.width),
        likeness=likeness,
        fidelity=None if isinstance(fidelity, Missing) else fidelity,
        missing=missing,
    )


def _outline(picture: Image.Image) -> Silhouette | Missing:
    try:
        return silhouette_of(picture)
    except (NotSeamless, NoOutline) as refused:
        return Missing(refused.code, refused.reason)


def _fidelity(outline: Silhouette | Missing, reference: Figures | Missing) -> Fidelity | Missing:
    if isinstance(reference, Missing):
        return reference
    if isinstance(outline, Missing):
        return outline
    return compared(figures_of(outline), reference)
