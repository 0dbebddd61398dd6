"""Who decides a product's columns: the first accepted row of the product in the file."""

import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from django.db.models import Exists, OuterRef

from bulk_uploads.models import BulkUpload, Level
from bulk_uploads.processors import Issue
from catalog.file_format import cells
from catalog.file_format.columns import Column, Field
from catalog.importing.header_plan import HeaderPlan
from catalog.models import ProductDecision
from catalog.writing.context import WriteContext


@dataclass(frozen=True, slots=True)
class Decision:
    """`cells` are the deciding row's texts, in the order of the plan's product columns.

    `upload_id` is None where the row is one of the same file.
    """

    row: int
    cells: tuple[str, ...]
    upload_id: int | None = None

    def __str__(self) -> str:
        return f"row {self.row}" + (f" of upload {self.upload_id}" if self.upload_id else "")


@dataclass(slots=True)
class Decisions:
    """The decisions of one upload and pass: those of earlier batches, and this batch's own.

    What the other uploads of its `line` have decided stands before either.
    """

    plan: HeaderPlan
    upload_id: int
    is_dry: bool
    line: Sequence[int] = ()
    _known: dict[str, Decision] = field(default_factory=dict)
    _new: dict[str, Decision] = field(default_factory=dict)

    def load(self, context: WriteContext, keys: Collection[str]) -> None:
        if not keys or not self.plan.product_columns:
            return
        self._load(context, "= %s", self.upload_id, keys, is_dry=self.is_dry)
        if self.line:
            ways = context.tables
            self._load(context, ways.in_list, ways.among(self.line), keys, is_dry=False)

    def _load(
        self,
        context: WriteContext,
        among: str,
        uploads: Any,
        keys: Collection[str],
        *,
        is_dry: bool,
    ) -> None:
        tables = context.tables
        found = tables.select(
            "SELECT upload_id, product_key, row, cells "  # noqa: S608 - our own names
            f"FROM catalog_productdecision WHERE upload_id {among} AND is_dry = %s "
            f"AND product_key {tables.in_list} ORDER BY upload_id DESC",
            [uploads, is_dry, tables.among(keys)],
        )
        names = [str(field) for field in self.plan.product_fields]
        for upload, key, row, document in found:
            texts = orjson.loads(document) if isinstance(document, str) else document
            cells = tuple([texts.get(name, "") for name in names])
            where = None if upload == self.upload_id else upload
            self._known[key] = Decision(row, cells, where)

    @property
    def known(self) -> Mapping[str, Decision]:
        """Those that this batch has come upon, by product key."""
        return self._known

    def take_over(self, decisions: Mapping[str, Decision]) -> None:
        """Decisions of earlier batches that need not be loaded."""
        self._known.update(decisions)

    def of(self, key: str) -> Decision | None:
        return self._known.get(key)

    def name_of(self, key: str) -> str | None:
        """The name that the file has given this product, if it has."""
        place = self.plan.product_place(Field.NAME)
        decision = self._known.get(key)
        return decision.cells[place] or None if decision and place is not None else None

    def decide(self, key: str, decision: Decision) -> None:
        self._known[key] = self._new[key] = decision

    def write(self, context: WriteContext) -> None:
        names = [str(field) for field in self.plan.product_fields]
        is_dry = context.tables.truth(self.is_dry)
        context.tables.insert(
            "catalog_productdecision",
            ("upload_id", "is_dry", "product_key", "row", "cells"),
            (
                (
                    self.upload_id,
                    is_dry,
                    key,
                    decision.row,
                    orjson.dumps(dict(zip(names, decision.cells, strict=True))).decode(),
                )
                for key, decision in self._new.items()
            ),
        )

    def conflicts(self, key: str, number: int, texts: Sequence[str]) -> list[Issue]:
        """A warning for each product column in which this row disagrees with the deciding one."""
        decision = self._known[key]
        clear = self.plan.options.clear_blanks
        found = []
        for column, text, decided in zip(
            self.plan.product_columns, texts, decision.cells, strict=True
        ):
            is_silent = text == cells.SAYS_NOTHING or (not text and not clear)
            if is_silent or text == decided or _same(column, text, decided):
                continue
            said = decided.replace(cells.SAYS_NOTHING, "")
            found.append(_conflict(column, number, text, decision, said))
        return found


def decided_in_line(others: Collection[int]) -> list[int]:
    """Those of the other uploads of a line that have decided anything."""
    if not others:
        return []
    decided = ProductDecision.objects.filter(upload_id=OuterRef("pk"), is_dry=False)
    having = BulkUpload.objects.filter(Exists(decided), pk__in=others)
    return list(having.order_by("pk").values_list("pk", flat=True))


def _same(column: Column, text: str, decided: str) -> bool:
    if column.field in (Field.TAGS, Field.COLLECTIONS):
        return _distinct(text) == _distinct(decided)
    if column.field is Field.CATEGORY:
        return _levels(text) == _levels(decided)
    return unicodedata.normalize("NFC", text) == unicodedata.normalize("NFC", decided)


def _levels(path: str) -> list[str]:
    return [level.strip() for level in path.split("/")]


def _conflict(column: Column, number: int, text: str, first: Decision, decided: str) -> Issue:
    return Issue(
        row=number,
        column=column.header,
        value=text,
        level=Level.WARNING,
        code="product_conflict",
        message=(
            f"Row {number} says {text!r}, but {first} is the first of this product and says "
            f"{decided!r}: {first} decides."
        ),
    )


def _distinct(text: str) -> list[str]:
    return list(dict.fromkeys(cells.split_list(text)))
