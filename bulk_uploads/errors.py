"""What can be refused about a bulk upload; one root for the room."""

from collections.abc import Mapping, Sequence


class BulkUploadError(Exception):
    """`attribute_name` is what the caller gave wrongly; `messages` say what to do about it."""

    code = "bulk_upload_error"
    attribute_name = "base"

    def __init__(self, *messages: str) -> None:
        super().__init__(" ".join(messages))
        self.messages = list(messages)


class UnknownProcessor(BulkUploadError):
    code = "unknown_processor"
    attribute_name = "bulk_upload_processor"

    def __init__(self) -> None:
        super().__init__("Bulk upload processor class is not defined")


class InvalidOptions(BulkUploadError):
    code = "invalid_options"
    attribute_name = "options"

    def __init__(self, errors: Mapping[str, Sequence[str]]) -> None:
        super().__init__(*(f"{name}: {text}" for name, texts in errors.items() for text in texts))
        self.errors = {name: list(texts) for name, texts in errors.items()}


class InvalidImport(BulkUploadError):
    """`errors` are messages by the field of the request that is at fault, all of them at once."""

    code = "invalid_import"
    attribute_name = "file"

    def __init__(self, errors: Mapping[str, Sequence[str]]) -> None:
        super().__init__(*(text for texts in errors.values() for text in texts))
        self.errors = {name: list(texts) for name, texts in errors.items()}


class EmptyFile(BulkUploadError):
    code = "empty_file"
    attribute_name = "file"

    def __init__(self) -> None:
        super().__init__("The file is empty. Choose the file that holds the rows.")


class FileTooLarge(BulkUploadError):
    code = "file_too_large"
    attribute_name = "file"

    def __init__(self, *, limit: int) -> None:
        super().__init__(
            f"The file is larger than the {limit:,} bytes that are allowed. Split it into parts."
        )


class NotCancellable(BulkUploadError):
    code = "not_cancellable"
    attribute_name = "status"

    def __init__(self) -> None:
        super().__init__("This upload has already ended, so there is nothing left to cancel.")


class NotADryRun(BulkUploadError):
    code = "not_a_dry_run"
    attribute_name = "id"

    def __init__(self) -> None:
        super().__init__(
            "Only a dry run that has ended in success can be run for real. "
            "Create an upload of the file instead."
        )


class NotUndoable(BulkUploadError):
    code = "not_undoable"
    attribute_name = "status"


class AlreadyRunning(BulkUploadError):
    code = "already_running"
    attribute_name = "id"

    def __init__(self) -> None:
        super().__init__(
            "This dry run is being imported already. See that upload, or wait for its end to "
            "import the file once more."
        )


class InvalidMapping(BulkUploadError):
    code = "invalid_mapping"

    def __init__(self, *messages: str, attribute_name: str = "mapping") -> None:
        super().__init__(*messages)
        self.attribute_name = attribute_name


class MappingNameTaken(BulkUploadError):
    code = "mapping_name_taken"
    attribute_name = "name"

    def __init__(self, name: str) -> None:
        super().__init__(f"This account has a mapping named {name!r} already.")


class MappingInUse(BulkUploadError):
    code = "mapping_in_use"

    def __init__(self, upload: str) -> None:
        super().__init__(f"{upload} was given with this mapping and has not ended. Wait for it.")


class NotEnded(BulkUploadError):
    code = "not_ended"
    attribute_name = "status"

    def __init__(self) -> None:
        super().__init__("This upload has not ended yet. Wait for its end, or cancel it.")


class NothingToCorrect(BulkUploadError):
    code = "nothing_to_correct"
    attribute_name = "id"

    def __init__(self) -> None:
        super().__init__("No row of this upload has failed and is still to be corrected.")


class NothingToRetry(BulkUploadError):
    code = "nothing_to_retry"
    attribute_name = "id"


class RetryRunning(BulkUploadError):
    code = "retry_running"
    attribute_name = "id"

    def __init__(self) -> None:
        super().__init__("A retry of this upload has not ended yet. See that upload.")


class NotFixable(BulkUploadError):
    code = "not_fixable"
    attribute_name = "id"

    def __init__(self) -> None:
        super().__init__(
            "A dry run has taken no row, so one alone cannot be fixed. Import it and fix the rows "
            "that fail there, or download its correction file."
        )


class NothingToFix(BulkUploadError):
    code = "nothing_to_fix"
    attribute_name = "cells"

    def __init__(self) -> None:
        super().__init__("No cell was changed. Change what is wrong, then save.")
