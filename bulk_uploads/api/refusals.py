"""Which status the room's own refusals have in the API."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from bulk_uploads.errors import (
    AlreadyRunning,
    BulkUploadError,
    FileTooLarge,
    InvalidImport,
    InvalidOptions,
    NotADryRun,
    NotCancellable,
    NotEnded,
    NothingToCorrect,
    NothingToRetry,
    NotUndoable,
    RetryRunning,
)
from platform_api.envelope import Fault
from platform_api.errors import ApiError, Unprocessable

UNPROCESSABLE: Final = 422
STATUS_BY_REFUSAL: Final[Mapping[type[BulkUploadError], int]] = {
    FileTooLarge: 413,
    NotCancellable: 409,
    NotADryRun: 409,
    AlreadyRunning: 409,
    NotEnded: 409,
    NothingToCorrect: 409,
    NothingToRetry: 409,
    RetryRunning: 409,
    NotUndoable: 409,
}


@contextmanager
def refusals_in_envelopes() -> Iterator[None]:
    """Raise ApiError for what the business rules refuse, with one fault for each wrong option."""
    try:
        yield
    except InvalidOptions as refusal:
        faults = [
            Fault(f"options.{name}", tuple(messages)) for name, messages in refusal.errors.items()
        ]
        raise Unprocessable.of(faults) from refusal
    except InvalidImport as refusal:
        faults = [Fault(name, tuple(messages)) for name, messages in refusal.errors.items()]
        raise Unprocessable.of(faults) from refusal
    except BulkUploadError as refusal:
        status = STATUS_BY_REFUSAL.get(type(refusal), UNPROCESSABLE)
        raise ApiError(status, refusal.attribute_name, *refusal.messages) from refusal
