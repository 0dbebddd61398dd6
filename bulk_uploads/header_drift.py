"""How a file's header differs from the supplier's last file: new, missing and renamed columns."""

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, Final

from bulk_uploads.models import BulkUpload, Level, Status
from bulk_uploads.processors import Issue

_LOOKED_THROUGH: Final = 50
_ALIKE: Final = 0.6
_LEAST_SHARED: Final = 1 / 3
_MOST_COMPARED: Final = 200
_NAMED: Final = 20
#: Words in file names that say nothing of who sent them.
_SAYING_NOTHING: Final = frozenset(
    (
        *("catalog", "catalogue", "product", "products", "item", "items", "list", "price"),
        *("prices", "export", "exports", "exported", "import", "imports", "upload", "feed"),
        *("file", "files", "data", "book", "sheet", "stock", "inventory", "template", "new"),
        *("final", "copy", "update", "updated", "full", "delta", "daily"),
        *("csv", "xlsx", "tsv", "json", "jsonl", "txt"),
    )
)
_WORD: Final = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Drift:
    """Columns as the files name them; `renamed` are pairs of the old name and the new."""

    since: int
    file_name: str
    new: tuple[str, ...]
    missing: tuple[str, ...]
    renamed: tuple[tuple[str, str], ...]

    def as_extradata(self) -> dict[str, Any]:
        return {
            "since_upload": self.since,
            "file_name": self.file_name,
            "new": list(self.new),
            "missing": list(self.missing),
            "renamed": [list(pair) for pair in self.renamed],
        }


def drift_of(upload: BulkUpload, *, header: Sequence[str], layout: str) -> Drift | None:
    """None where the header is as it was, or where there is nothing to compare it with."""
    last = _last_of_supplier(upload, header, layout)
    if last is None:
        return None
    new, missing, renamed = compare(before=_own_header(last), after=header)
    if not (new or missing or renamed):
        return None
    return Drift(last.pk, last.file.name, tuple(new), tuple(missing), tuple(renamed))


def compare(
    *, before: Sequence[str], after: Sequence[str]
) -> tuple[list[str], list[str], list[tuple[str, str]]]:
    """New, missing and renamed columns. Their order, case and spacing do not matter."""
    known = {_plain(name): name for name in before if name}
    found = {_plain(name): name for name in after if name}
    new = [name for key, name in found.items() if key not in known]
    missing = [name for key, name in known.items() if key not in found]
    renamed = []
    for old in missing[:_MOST_COMPARED]:
        near = difflib.get_close_matches(old, new[:_MOST_COMPARED], n=1, cutoff=_ALIKE)
        if near:
            renamed.append((old, near[0]))
            new.remove(near[0])
    gone = {old for old, _ in renamed}
    return new, [name for name in missing if name not in gone], renamed


def issues_of(drift: Drift | None, *, header_row: int) -> list[Issue]:
    """Warnings that stand at the header."""
    if drift is None:
        return []
    last = f"upload {drift.since} ({drift.file_name})"
    found = [
        ("column_renamed", new, f"Column {old!r} of {last} looks renamed to {new!r}.")
        for old, new in drift.renamed
    ]
    if drift.missing:
        text = f"Missing since {last}: {_listed(drift.missing)}. What they filled stays as it is."
        found.append(("column_missing", drift.missing[0], text))
    if drift.new:
        found.append(("column_new", drift.new[0], f"New since {last}: {_listed(drift.new)}."))
    return [
        Issue(header_row, column, "", Level.WARNING, code, message)
        for code, column, message in found
    ]


def telling_name(file_name: str) -> str:
    """What of a file's name says whose it is: `Havells_products 2024-03.csv` is "havells"."""
    words = _WORD.findall(PurePath(file_name).stem.casefold())
    return " ".join(word for word in words if word not in _SAYING_NOTHING)


def _last_of_supplier(upload: BulkUpload, header: Sequence[str], layout: str) -> BulkUpload | None:
    """The newest earlier upload of another file that most likely came from the same hand."""
    earlier = (
        BulkUpload.objects.filter(
            account_id=upload.account_id,
            processor_name=upload.processor_name,
            status=Status.SUCCESS,
            header__isnull=False,
            pk__lt=upload.pk,
        )
        .exclude(file_id=upload.file_id)
        .select_related("file")
        .only("header", "file_header", "saved_mapping_id", "layout", "file__name")
        .order_by("-pk")
    )
    if upload.saved_mapping_id is not None:
        return earlier.filter(saved_mapping_id=upload.saved_mapping_id).first()
    name = telling_name(upload.file.name)
    if not (name or layout):
        return None
    for other in earlier.filter(layout=layout, saved_mapping=None)[:_LOOKED_THROUGH]:
        if telling_name(other.file.name) == name and _shares(header, _own_header(other)):
            return other
    return None


def _shares(header: Sequence[str], other: Sequence[str]) -> bool:
    """Whether they are of one kind: a price list is no full catalog that came short."""
    one, two = ({_plain(name) for name in names if name} for names in (header, other))
    return len(one & two) >= _LEAST_SHARED * max(len(one | two), 1)


def _own_header(upload: BulkUpload) -> list[str]:
    """As the file had it, whatever a layout made of it."""
    return upload.file_header or upload.header or []


def _plain(name: str) -> str:
    return "".join(name.split()).casefold()


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
    return ", ".join(repr(name) for name in names[:_NAMED]) + more
