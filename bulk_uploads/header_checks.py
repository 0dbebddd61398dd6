"""What an upload would say of its file's header, asked before there is an upload."""

from collections.abc import Mapping
from typing import Any

from accounts.models import Account
from bulk_uploads.layouts import layout_for
from bulk_uploads.models import BulkUpload, Level
from bulk_uploads.peeking import Glimpse
from bulk_uploads.processors import HeaderRejected, Processor


def header_errors(
    *, processor: Processor, account: Account, options: Mapping[str, Any], glimpse: Glimpse
) -> list[str]:
    """The processor's own judgement of the header, as the upload would come to it.

    None where the header is not known, or the mapping in the options is not one of texts.
    """
    mapping, header = options.get("mapping"), glimpse.header
    if header is None or not _names_fields(mapping):
        return []
    if mapping is not None:
        plain = {column.strip(): (target or "").strip() for column, target in mapping.items()}
        options = {**options, "mapping": plain}
    if layout_for(processor=processor, account=account, header=header, options=options):
        # Another system's file: what its columns become is known once its rows are seen.
        return []
    upload = BulkUpload(
        account=account,
        processor_name=processor.name,
        options=dict(options),
        header=header,
        header_row=glimpse.header_row,
    )
    try:
        processor.plan(upload=upload, header=header)
    except HeaderRejected as rejected:
        return [issue.message for issue in rejected.issues if issue.level is Level.ERROR]
    return []


def _names_fields(mapping: object) -> bool:
    """Whether there is none, or one that can be judged with the header."""
    return mapping is None or (
        isinstance(mapping, dict)
        and all(isinstance(target, str | None) for target in mapping.values())
    )
