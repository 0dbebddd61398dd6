"""What a batch of a dry run would change, in people's words, for its preview."""

import heapq
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from bulk_sql.numbers import plain_decimal
from bulk_uploads.preview_notes import (
    MOST_FIELDS_A_ROW,
    MOST_JUMPS,
    SAMPLE_ROWS,
    ChangedField,
    FieldChange,
    Jump,
    PreviewNotes,
    RowChange,
    cut,
    far,
    first_names,
    rank,
)
from catalog.file_format.columns import Column, Field, Kind
from catalog.importing.applying import BatchApplier
from catalog.importing.judging import Accepted
from catalog.reading.field_names import FieldNames
from catalog.writing.definitions import ColumnIds
from catalog.writing.taxonomy import Taxonomy, with_ancestors

_PRICES = ("price", "list_price")
_VARIANTS, _PRODUCTS = "variants", "products"


@dataclass(slots=True)
class _Changed:
    """What a row changes: of its variant, and of its product if it decides that."""

    item: Accepted
    variant: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    product: Mapping[str, Sequence[Any]] = field(default_factory=dict)


class Previewer:
    """Takes notes for one file. A price jumps if it becomes more than `jump_factor` times what it
    is, or less than that part of it."""

    def __init__(
        self, columns: Sequence[Column], ids: Mapping[int, ColumnIds], *, jump_factor: int
    ) -> None:
        self._factor = jump_factor
        self._names = _field_names(columns, ids)
        self._new_definitions = _new_definitions(columns, ids)

    def notes(
        self,
        applied: BatchApplier,
        accepted: Sequence[Accepted],
    ) -> PreviewNotes:
        changed = list(_changed_rows(applied, accepted))
        jumps, count = self._jumps(changed)
        new_names = _new_shelves(applied.taxonomy, accepted)
        return PreviewNotes(
            fields=self._tally(changed),
            sample=[self._row_change(each) for each in _sampled(changed)],
            jumps=jumps,
            jump_count=count,
            rule=self._rule if count else "",
            new_names={
                kind: names
                for kind, names in {**new_names, **self._new_definitions}.items()
                if names
            },
        )

    @property
    def _rule(self) -> str:
        factor = self._factor
        much = (
            "double, or less than half, of"
            if factor == 2
            else f"{factor} times, or less than 1/{factor} of,"
        )
        return f"Prices and list prices that would become more than {much} what they are."

    def _tally(self, changed: Iterable[_Changed]) -> Counter[ChangedField]:
        of_variants: Counter[str] = Counter()
        of_products: Counter[str] = Counter()
        for each in changed:
            of_variants.update(each.variant.keys())
            of_products.update(each.product.keys())
        tally: Counter[ChangedField] = Counter()
        for noun, counts in ((_VARIANTS, of_variants), (_PRODUCTS, of_products)):
            for name, count in counts.items():
                if label := self._label(name, noun):
                    tally[ChangedField(label, noun)] += count
        return tally

    def _label(self, name: str, noun: str) -> str:
        if noun == _PRODUCTS and name == "name":
            return "Product name"
        return self._names.label(name)

    def _row_change(self, changed: _Changed) -> RowChange:
        fields = [
            FieldChange(label, cut(_in_words(before)), cut(_in_words(after)))
            for noun, changes in ((_VARIANTS, changed.variant), (_PRODUCTS, changed.product))
            for name, (before, after) in changes.items()
            if (label := self._label(name, noun))
        ]
        return RowChange(
            *_object_of(changed),
            fields=tuple(fields[:MOST_FIELDS_A_ROW]),
            more=max(0, len(fields) - MOST_FIELDS_A_ROW),
        )

    def _jumps(self, changed: Iterable[_Changed]) -> tuple[list[Jump], int]:
        """The furthest, and how many there are."""
        found = []
        for each in changed:
            for name in _PRICES:
                prices = each.variant.get(name)
                if prices is None or None in prices:
                    continue
                before, after = Decimal(prices[0]), Decimal(prices[1])
                if max(before, after) > min(before, after) * self._factor:
                    ratio = float(after / before) if before and after else None
                    row = each.item.row.number
                    found.append((-far(ratio), row, self._label(name, _VARIANTS), each, name))
        # Only what is shown is put into words.
        furthest = heapq.nsmallest(MOST_JUMPS, found, key=lambda jump: jump[:3])
        return [_jump(each, name, label) for *_, label, each, name in furthest], len(found)


def _jump(changed: _Changed, name: str, label: str) -> Jump:
    before, after = (Decimal(price) for price in changed.variant[name])
    return Jump(
        *_object_of(changed),
        field=label,
        before=plain_decimal(before),
        after=plain_decimal(after),
        ratio=float(after / before) if before and after else None,
    )


def _changed_rows(applied: BatchApplier, accepted: Sequence[Accepted]) -> Iterable[_Changed]:
    of_variants = {update.draft.row: update.fields for update in applied.variant_updates}
    of_products = {update.draft.row: update.fields for update in applied.product_updates}
    for item in accepted:
        variant = of_variants.get(item.row.number) or {}
        product = of_products.get(item.row.number) or {}
        if variant or product:
            yield _Changed(item, variant, product)


def _sampled(changed: Iterable[_Changed]) -> list[_Changed]:
    return heapq.nsmallest(SAMPLE_ROWS, changed, key=lambda each: rank(each.item.row.number))


def _object_of(changed: _Changed) -> tuple[int, str, int | None]:
    item = changed.item
    return item.row.number, item.read.sku, item.head.id if item.head else None


def _in_words(value: Any) -> str:
    """A stored value as a person reads it; "" for nothing."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)
    return "" if value is None else str(value)


def _field_names(columns: Sequence[Column], ids: Mapping[int, ColumnIds]) -> FieldNames:
    """Only the file's own columns can change anything; a dry run has not made all of them."""
    names = FieldNames({}, {}, {})
    for column in columns:
        if column.index not in ids:
            continue
        definition, entry = str(ids[column.index].definition), ids[column.index].entry
        if column.kind is Kind.ATTRIBUTE:
            names.attributes[definition] = _with_unit(column.name, column)
        else:
            names.sets[definition] = "Pictures" if column.field is Field.MEDIA else column.name
        if entry is not None:
            names.entries[str(entry)] = _with_unit(column.entry, column)
    return names


def _new_shelves(taxonomy: Taxonomy, accepted: Iterable[Accepted]) -> dict[str, list[str]]:
    """Names that the batch had to make for rows that decide.

    A dry run makes a product anew in each batch that has rows of it; only its first row's names
    are those it gets.
    """
    drafts = [item.read.product for item in accepted if item.decides]
    paths = with_ancestors(draft.category for draft in drafts if draft.category)
    said = {
        "categories": (paths, taxonomy.made["category"]),
        "tags": ((tag for draft in drafts for tag in draft.tags or ()), taxonomy.made["tag"]),
        "collections": (
            (name for draft in drafts for name in draft.collections or ()),
            taxonomy.made["collection"],
        ),
    }
    return {
        kind: first_names(name for name in names if name in made)
        for kind, (names, made) in said.items()
    }


def _new_definitions(
    columns: Sequence[Column], ids: Mapping[int, ColumnIds]
) -> dict[str, list[str]]:
    """Negative ids stand for what is not there yet."""
    found: dict[str, set[str]] = {"attributes": set(), "property sets": set()}
    for column in columns:
        made = ids.get(column.index)
        if made is None or column.field is Field.MEDIA:
            continue
        if column.kind is Kind.ATTRIBUTE and made.definition < 0:
            found["attributes"].add(_with_unit(column.name, column))
        elif column.kind is not Kind.ATTRIBUTE and made.definition < 0:
            found["property sets"].add(column.name)
        elif made.entry is not None and made.entry < 0:
            found["property sets"].add(f"{column.name}: {_with_unit(column.entry, column)}")
    return {kind: first_names(names) for kind, names in found.items()}


def _with_unit(name: str, column: Column) -> str:
    return f"{name} ({column.unit})" if column.unit else name
