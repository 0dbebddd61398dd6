"""Layouts: other systems' shapes of file, made a processor's own rows while the file is read.

Nothing behind the spool knows of them. A layout sees all rows of its file once as they are read,
and then again to make one row of each.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol, runtime_checkable

from accounts.models import Account
from bulk_uploads.readers.base import Defect, RawRow

#: Value of the option `layout` with which files are taken as their header says.
NO_LAYOUT = "none"


class LaidOutColumn(NamedTuple):
    """`header` is the processor's name of a column, `source` the uploader's own."""

    header: str
    source: str


@dataclass(slots=True)
class LaidOutRow:
    """What becomes of one row of the file. Cells stand in the order of the layout's columns.

    A row with defects is not applied; remarks are warnings. `merged_into` is the number of the row
    that holds what this one says; such a row has no cells.
    """

    number: int
    cells: list[str]
    defects: list[Defect] = field(default_factory=list)
    remarks: list[Defect] = field(default_factory=list)
    merged_into: int | None = None


class LayoutNote(NamedTuple):
    """What is said of the file as a whole, as a warning at its header."""

    code: str
    column: str
    value: str
    message: str


class Layout(Protocol):
    """Made for one file. `survey` sees its rows in order, a part at a time; then come the others.

    `survey` raises UnreadableFile where more would have to be remembered than the layout can hold.
    """

    name: str

    def survey(self, rows: Sequence[RawRow]) -> None: ...

    def columns(self) -> Sequence[LaidOutColumn]: ...

    def lay_out(self, rows: Iterable[RawRow]) -> Iterator[LaidOutRow]:
        """One row for each, with its number and in its order."""

    def left_out(self) -> Sequence[str]:
        """Columns of the file that become nothing."""

    def notes(self) -> Sequence[LayoutNote]:
        """Once all rows are laid out."""


@runtime_checkable
class GroupsRows(Protocol):
    """A layout in which a row leans on others: the title may stand in another of its product."""

    def groups_of(self, cells: Sequence[str]) -> Collection[str]:
        """Names of what the row is part of; rows with one in common go together."""


@runtime_checkable
class KnowsLayouts(Protocol):
    """A processor that recognises other systems' files by their header."""

    def layout_for(
        self,
        *,
        account: Account,
        header: Sequence[str],
        options: Mapping[str, Any],
        has_numbers: bool,
    ) -> Layout | None: ...


def layout_for(
    *,
    processor: object,
    account: Account,
    header: Sequence[str],
    options: Mapping[str, Any],
    has_numbers: bool = False,
) -> Layout | None:
    """None where the file is taken as its header says: an explicit mapping always wins.

    `has_numbers`, of the file, matters where rows are laid out.
    """
    if options.get("mapping") or options.get("layout") == NO_LAYOUT:
        return None
    if not isinstance(processor, KnowsLayouts):
        return None
    return processor.layout_for(
        account=account, header=header, options=options, has_numbers=has_numbers
    )


def layout_label(name: str) -> str:
    """A layout's name for people: `shopify_products` is "Shopify products"."""
    return name.replace("_", " ").capitalize()
