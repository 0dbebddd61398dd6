"""A SKU as the light table draws it: the addresses of its pictures, and what to say beside them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.formats import date_format

from catalog.api.media import picture_path
from imagery.admin.wording import decider, why_decided
from imagery.api.content import content_path, thumbnail_path
from imagery.checks.findings import Verdict
from imagery.checks.results import ImageChecks, badges_of, in_words
from imagery.models import GeneratedImage, ReviewDecision, ReviewTicket
from imagery.review.subjects import Subject

#: Entries of the audit trail that are told beside the candidates of SKUs loaded at once.
_MOST_PAST: Final = 200
#: The tone of a verdict, and its icon.
_TONES: Final = {
    Verdict.PASS: ("good", "check_circle"),
    Verdict.NOT_MEASURABLE: ("none", "help"),
    Verdict.WARN: ("warn", "warning"),
    Verdict.FAIL: ("bad", "error"),
}


@dataclass(frozen=True, slots=True)
class ShownCheck:
    """One line: a channel's verdict, or what is wrong with the image there."""

    tone: str
    icon: str
    text: str


@dataclass(frozen=True, slots=True)
class ShownImage:
    """`story` says how it was made: label and text; `past` what was decided about it before."""

    image: GeneratedImage
    url: str
    thumbnail: str
    label: str
    checks: Sequence["ShownCheck"]
    story: Sequence[tuple[str, str]]
    past: Sequence[str]


@dataclass(frozen=True, slots=True)
class ShownSubject:
    ticket: ReviewTicket
    title: str
    facts: Sequence[tuple[str, str]]
    photo: str
    candidates: Sequence[ShownImage]
    current: Sequence[ShownImage]


def shown(subjects: Sequence[Subject]) -> list[ShownSubject]:
    """As many queries for one as for many."""
    candidates = [image for subject in subjects for image in subject.candidates]
    checks, past = badges_of(candidates), _past_of(candidates)
    return [
        ShownSubject(
            ticket=subject.ticket,
            title=subject.title,
            facts=subject.facts,
            photo=picture_path(subject.photo) if subject.photo else "",
            candidates=_images(subject.candidates, checks, past),
            current=_images(subject.current, {}, {}),
        )
        for subject in subjects
    ]


def _images(
    images: Sequence[GeneratedImage],
    checks: Mapping[int, ImageChecks],
    past: Mapping[int, Sequence[str]],
) -> list[ShownImage]:
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
                checks=_checks(checks[image.pk]) if image.pk in checks else (),
                story=_story(image),
                past=past.get(image.pk, ()),
            )
        )
    return shown_images


def _past_of(images: Sequence[GeneratedImage]) -> dict[int, list[str]]:
    """By image, what was decided before, newest first: few of those that wait have a past."""
    entries = ReviewDecision.objects.filter(image__in=[image.pk for image in images])
    found: dict[int, list[str]] = {}
    for entry in entries.select_related("user", "token").order_by("-pk")[:_MOST_PAST]:
        when = date_format(entry.at, "j M Y, H:i")
        who = decider(entry)
        by = f" by {who}" if who else ""
        parts = (f"{entry.get_kind_display()}{by}, {when}", why_decided(entry))
        found.setdefault(entry.image_id, []).append(": ".join(filter(None, parts)))
    return found


def _checks(checks: ImageChecks) -> list[ShownCheck]:
    """What is good in one line; what is not in a line each, gravest first, with the channels that
    it is not good for."""
    if not checks.is_checked:
        return [ShownCheck("none", "hourglass_empty", "Being checked")]
    channels: dict[tuple[Verdict, str], list[str]] = {}
    for badge in checks.channels:
        for finding in badge.findings:
            channels.setdefault((finding.verdict, in_words(finding)), []).append(badge.title)
    lines = []
    for (verdict, words), titles in sorted(channels.items(), key=lambda found: -found[0][0]):
        is_for_all = len(titles) == len(checks.channels) > 1
        where = "All channels" if is_for_all else ", ".join(titles)
        lines.append(ShownCheck(*_TONES[verdict], f"{where}: {words}"))
    passed = [badge.title for badge in checks.channels if badge.verdict == Verdict.PASS]
    if passed:
        lines.append(ShownCheck(*_TONES[Verdict.PASS], f"Passes {', '.join(passed)}"))
    if checks.fidelity is not None:
        text = f"{checks.fidelity:.0%} true to the reference"
        lines.append(ShownCheck("none", "compare", text))
    return lines


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
