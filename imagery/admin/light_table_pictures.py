"""A SKU as the light table draws it: the addresses of its pictures, and what to say beside them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from catalog.api.media import picture_path
from imagery.api.content import content_path, thumbnail_path
from imagery.models import GeneratedImage, ReviewTicket
from imagery.review.subjects import Subject


@dataclass(frozen=True, slots=True)
class ShownImage:
    """`story` says how it was made: label and text."""

    image: GeneratedImage
    url: str
    thumbnail: str
    label: str
    story: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class ShownSubject:
    ticket: ReviewTicket
    title: str
    facts: Sequence[tuple[str, str]]
    photo: str
    candidates: Sequence[ShownImage]
    current: Sequence[ShownImage]


def shown(subject: Subject) -> ShownSubject:
    return ShownSubject(
        ticket=subject.ticket,
        title=subject.title,
        facts=subject.facts,
        photo=picture_path(subject.photo) if subject.photo else "",
        candidates=_images(subject.candidates),
        current=_images(subject.current),
    )


def _images(images: Sequence[GeneratedImage]) -> list[ShownImage]:
    """Several of one role are numbered."""
    of_role = Counter(image.role for image in images)
    so_far: Counter[str] = Counter()
    shown_images = []
    for image in images:
        so_far[image.role] += 1
        number = f" {so_far[image.role]}" if of_role[image.role] > 1 else ""
        shown_images.append(
            ShownImage(
                image=image,
                url=content_path(image.uuid),
                thumbnail=thumbnail_path(image.uuid),
                label=f"{image.get_role_display()}{number}",
                story=_story(image),
            )
        )
    return shown_images


def _story(image: GeneratedImage) -> list[tuple[str, str]]:
    story = [("Size", f"{image.width} x {image.height}"), ("Format", image.content_type)]
    if image.want is not None:
        version = image.want.recipe_version
        story.append(("Recipe", f"{version.recipe.name}, version {version.number}"))
    if image.call is not None:
        model = image.call.model_actual or image.call.model
        story.append(("Made by", f"{image.call.provider} {model}".strip()))
    if image.want is not None and image.want.prompt:
        story.append(("Prompt", image.want.prompt))
    return story
