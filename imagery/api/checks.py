"""`/images/{id}/checks`: how one image does in each channel, check by check."""

import uuid
from datetime import date
from typing import Literal

from django.http import HttpRequest, HttpResponse
from ninja import Field, Router, Schema

from imagery.api.access import READING
from imagery.checks.findings import Check, Verdict
from imagery.checks.results import ChannelReport, reports_of
from imagery.models import GeneratedImage
from platform_api.auth import token_of
from platform_api.envelope import success
from platform_api.errors import NotFound
from platform_api.schemas import Success, documented

router = Router(auth=READING)

VerdictWord = Literal["pass", "not_measurable", "warn", "fail"]


class FindingOut(Schema):
    check: Check
    verdict: VerdictWord
    value: str = Field(description="What was measured, with its unit; else why nothing was.")
    rule: str = Field(description="What the channel asks, in words.")


class ChannelOut(Schema):
    channel: str = Field(examples=["amazon"])
    title: str
    from_date: date = Field(description="Since when these rules hold.")
    source: str = Field(description="Where the rules are stated.")
    verdict: VerdictWord = Field(description="The worst of its checks.")
    checks: list[FindingOut]


class ImageChecksOut(Schema):
    is_checked: bool = Field(description="false: not measured yet; nothing is known.")
    channels: list[ChannelOut]


@router.get(
    "/images/{uuid:image_id}/checks",
    response=documented(Success[ImageChecksOut]),
    operation_id="get_image_checks",
)
def get_image_checks(request: HttpRequest, image_id: uuid.UUID) -> HttpResponse:
    """How the image does by the rules of each channel in force, checks that it passed included."""
    account = token_of(request).account
    image = GeneratedImage.objects.for_account(account.pk).filter(uuid=image_id).first()
    if image is None:
        raise NotFound("id", "There is no image with this id")
    reports = reports_of(image)
    document = ImageChecksOut(
        is_checked=bool(reports), channels=[_channel(each) for each in reports]
    )
    return success(document.model_dump(mode="json"))


def _channel(report: ChannelReport) -> ChannelOut:
    return ChannelOut(
        channel=report.profile.channel,
        title=report.profile.title,
        from_date=report.profile.from_date,
        source=report.profile.source,
        verdict=_word(report.verdict),
        checks=[
            FindingOut(
                check=found.check,
                verdict=_word(found.verdict),
                value=found.value,
                rule=found.rule,
            )
            for found in report.findings
        ],
    )


def _word(verdict: Verdict) -> VerdictWord:
    words: dict[Verdict, VerdictWord] = {
        Verdict.PASS: "pass",
        Verdict.NOT_MEASURABLE: "not_measurable",
        Verdict.WARN: "warn",
        Verdict.FAIL: "fail",
    }
    return words[verdict]
