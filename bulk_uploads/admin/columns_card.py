"""What an upload made of its file's columns: a layout, a mapping, and what changed of late."""

from dataclasses import dataclass
from typing import Any

from bulk_uploads.column_targets import LEAVE_OUT, OffersTargets
from bulk_uploads.errors import UnknownProcessor
from bulk_uploads.layouts import layout_label
from bulk_uploads.models import BulkUpload
from bulk_uploads.processors import processor_named


@dataclass(frozen=True, slots=True)
class ColumnsCard:
    """`mapped` are pairs of the file's column and what it is read as."""

    layout: str
    mapping_name: str
    mapping_id: int | None
    mapped: list[tuple[str, str]]
    left_out: list[str]
    drift: dict[str, Any] | None


def columns_card(upload: BulkUpload) -> ColumnsCard | None:
    """None where every column was taken as its header says, as ever."""
    found = upload.extradata or {}
    mapping = _in_file_order(upload)
    left_out = [*found.get("left_out_columns", ()), *found.get("ignored_headers", ())]
    left_out += [name for name, target in mapping.items() if target == LEAVE_OUT]
    saved = upload.saved_mapping
    card = ColumnsCard(
        layout=layout_label(upload.layout) if upload.layout else "",
        mapping_name=saved.name if saved else "",
        mapping_id=saved.pk if saved else None,
        mapped=[
            (name, _label(upload, target))
            for name, target in mapping.items()
            if target != LEAVE_OUT
        ],
        left_out=list(dict.fromkeys(name for name in left_out if name)),
        drift=found.get("header_drift"),
    )
    is_usual = not (card.layout or card.mapped or card.left_out or card.drift)
    return None if is_usual else card


def _in_file_order(upload: BulkUpload) -> dict[str, str]:
    """The mapping as the file's columns stand: its own order is not kept by every database."""
    mapping: dict[str, str] = upload.options.get("mapping") or {}
    places = {name: place for place, name in enumerate(upload.own_header)}
    return dict(sorted(mapping.items(), key=lambda pair: places.get(pair[0], len(places))))


def _label(upload: BulkUpload, target: str) -> str:
    try:
        processor = processor_named(upload.processor_name)
    except UnknownProcessor:
        return target
    return processor.label_of(target) if isinstance(processor, OffersTargets) else target
