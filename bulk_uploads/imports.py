"""Imports: uploads of products by EAN, as the imports API creates and names them.

An import is an upload of the one processor that its room registered for them.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from django.core.files import File

from accounts.models import Account, ApiToken
from bulk_uploads import services
from bulk_uploads.errors import InvalidImport, InvalidOptions, UnknownProcessor
from bulk_uploads.header_checks import header_errors
from bulk_uploads.models import BulkUpload
from bulk_uploads.options import clean_options
from bulk_uploads.peeking import Glimpse, peek
from bulk_uploads.processors import Processor
from bulk_uploads.readers import ReadLimits, UnreadableFile

FORMATS = ("csv", "xlsx", "json")


class ImportsProcessor(Processor, Protocol):
    """A processor whose rows are identified as the imports API has it."""

    def key_columns(self, *, header: Sequence[str], options: Mapping[str, Any]) -> Sequence[int]:
        """Where in a row its key may stand, in the order in which it is looked for."""


_registered: list[ImportsProcessor] = []


def register(processor: ImportsProcessor) -> None:
    """Called by the room that owns the data; there is one."""
    if _registered and _registered[0] is not processor:
        raise ValueError(f"imports are taken by {_registered[0].name!r} already")
    _registered[:] = [processor]


def imports_processor() -> ImportsProcessor:
    """Raises UnknownProcessor."""
    if not _registered:
        raise UnknownProcessor
    return _registered[0]


def create_import(
    *,
    account: Account,
    content: "File[bytes]",
    name: str,
    content_type: str,
    limits: ReadLimits,
    format: str | None = None,
    mapping: Mapping[str, object] | None = None,
    update_existing: bool | None = None,
    token: ApiToken | None = None,
    on_created: Callable[[BulkUpload, str], object] = lambda upload, format: None,
) -> BulkUpload:
    """Store the file and ring for its upload.

    What is wrong with the format, the mapping or the header is said at once, in one answer, as
    far as it can be seen without reading the whole file. `on_created` gets the upload and the
    file's format, in the transaction that makes the upload.

    Raises InvalidImport, EmptyFile or FileTooLarge, with nothing stored.
    """
    processor = imports_processor()
    given = {"mapping": mapping, "update_existing": update_existing}
    options = {name: value for name, value in given.items() if value is not None}
    glimpse = _glimpse(content, name=name, limits=limits)
    problems = _Problems()
    problems.add_format(format, glimpse)
    problems.add_options(processor, options)
    problems.add_header(processor, account, options, glimpse)
    problems.raise_if_any()
    return services.create_upload(
        account=account,
        content=content,
        name=name,
        content_type=content_type,
        processor_name=processor.name,
        options=options or None,
        token=token,
        on_created=lambda upload: on_created(upload, glimpse.format),
    )


def _glimpse(content: "File[bytes]", *, name: str, limits: ReadLimits) -> Glimpse:
    if not content.size:
        # Refused by who stores it.
        return Glimpse("csv")
    try:
        return peek(content, name=name, limits=limits)
    except UnreadableFile as error:
        raise InvalidImport({"file": [error.message]}) from error


class _Problems:
    """Everything that is wrong with a request, by the field that is at fault."""

    def __init__(self) -> None:
        self._messages: dict[str, list[str]] = {}

    def add_format(self, given: str | None, glimpse: Glimpse) -> None:
        if given is None:
            return
        if given not in FORMATS:
            self._add("format", f"Must be one of: {', '.join(FORMATS)}.")
        elif given != glimpse.format:
            self._add(
                "format",
                f"The file is {glimpse.format.upper()} and not {given.upper()}. Say so, or leave "
                "the format out: it is told from the content.",
            )

    def add_options(self, processor: Processor, options: Mapping[str, object]) -> None:
        try:
            clean_options(processor=processor, given=options)
        except InvalidOptions as error:
            for name, texts in error.errors.items():
                for text in texts:
                    self._add(name, text[:1].upper() + text[1:])

    def add_header(
        self,
        processor: Processor,
        account: Account,
        options: Mapping[str, Any],
        glimpse: Glimpse,
    ) -> None:
        found = header_errors(
            processor=processor, account=account, options=options, glimpse=glimpse
        )
        for message in found:
            self._add("mapping" if "mapping" in options else "file", message)

    def raise_if_any(self) -> None:
        if self._messages:
            raise InvalidImport(self._messages)

    def _add(self, name: str, message: str) -> None:
        messages = self._messages.setdefault(name, [])
        if message not in messages:
            messages.append(message)
