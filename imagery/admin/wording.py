"""How image jobs, wants, calls and pictures are put into words and colours, the same everywhere."""

from collections.abc import Mapping
from typing import Final

from bulk_uploads.admin.wording import Badge
from imagery.models import (
    CallState,
    Decision,
    DecisionKind,
    GeneratedImage,
    ImageJob,
    JobState,
    ProviderCall,
    QaStatus,
    ReviewDecision,
    WaitsFor,
    Want,
    WantState,
)
from imagery.providers.protocol import Operation, OutcomeClass

JOB_COLOURS: Final[Mapping[str, str]] = {
    JobState.HELD: "default",
    JobState.WAITING: "default",
    JobState.RUNNING: "info",
    JobState.DELIVERED: "success",
    JobState.PARTLY_DELIVERED: "warning",
    JobState.MISSING_IMAGE: "danger",
    JobState.CANCELLED: "default",
}
QA_COLOURS: Final[Mapping[str, str]] = {
    QaStatus.NOT_REQUESTED: "default",
    QaStatus.GENERATING: "info",
    QaStatus.PENDING_REVIEW: "warning",
    QaStatus.APPROVED: "success",
    QaStatus.REJECTED: "danger",
    QaStatus.MISSING_IMAGE: "danger",
}
_DECISION_COLOURS: Final[Mapping[str, str]] = {
    Decision.PENDING: "warning",
    Decision.APPROVED: "success",
    Decision.REJECTED: "danger",
    Decision.SUPERSEDED: "default",
}
_OUTCOMES: Final[Mapping[str, Badge]] = {
    OutcomeClass.DELIVERED: Badge("Delivered", "success"),
    OutcomeClass.SHORT: Badge("Less than asked", "warning"),
    OutcomeClass.NOT_SENT: Badge("Not sent", "warning"),
    OutcomeClass.REJECTED_FOR_NOW: Badge("Asked to come back later", "warning"),
    OutcomeClass.REFUSED: Badge("Refused", "danger"),
    OutcomeClass.UNKNOWN: Badge("Outcome unknown", "danger"),
}
OPERATION_WORDS: Final[Mapping[str, str]] = {
    Operation.GENERATE: "Make a new picture",
    Operation.EDIT: "Change the picture",
    Operation.REMOVE_BACKGROUND: "Cut the product out",
    Operation.UPSCALE: "Enlarge",
    Operation.REPLACE_BACKGROUND: "Put it before another background",
}


def job_badge(job: ImageJob) -> Badge:
    return Badge(job.get_state_display(), JOB_COLOURS.get(job.state, "default"))


def qa_badge(status: str) -> Badge:
    return Badge(QaStatus(status).label, QA_COLOURS[status])


def decision_badge(image: GeneratedImage) -> Badge:
    if image.is_placeholder:
        return Badge("Placeholder", "default")
    if not image.role:
        return Badge("Intermediate", "default")
    return Badge(image.get_decision_display(), _DECISION_COLOURS[image.decision])


def want_badge(want: Want, job: ImageJob) -> Badge:
    """Of a want without a picture; one of a job that was stopped is not waited for."""
    if want.state == WantState.EXHAUSTED:
        return Badge("Missing", "danger")
    if job.state == JobState.CANCELLED:
        return Badge("Cancelled", "default")
    return Badge("Not made yet", "default")


def call_badge(call: ProviderCall) -> Badge:
    if call.state == CallState.ENDED:
        if call.outcome == OutcomeClass.UNKNOWN and call.resolved_at is not None:
            charged = "charged" if call.settled_micros else "not charged"
            return Badge(f"Was unknown, now: {charged}", "default")
        return _OUTCOMES[call.outcome]
    if call.state == CallState.SENDING:
        return Badge("Under way", "info")
    return Badge("Waits", "default") if call.waits_for else Badge("About to go out", "info")


def waits_in_words(call: ProviderCall) -> str:
    """Why a planned call has not gone out; empty where nothing holds it up."""
    if call.state != CallState.PLANNED or not call.waits_for:
        return ""
    return WaitsFor(call.waits_for).label


def decider(entry: ReviewDecision) -> str:
    """Who decided; nobody did where an approval lapsed. People who are deleted leave no name."""
    if entry.user is not None:
        return str(entry.user)
    if entry.token is not None:
        return f"API token {entry.token}"
    return "" if entry.kind == DecisionKind.LAPSE else "Rule, or somebody who left"


def why_decided(entry: ReviewDecision) -> str:
    return ": ".join(part for part in (entry.get_reason_display(), entry.note) if part)
