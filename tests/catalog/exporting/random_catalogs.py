"""Random catalogs of nasty values, each built as people build them: by files and by edits."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from accounts.models import Account
from catalog import editing
from catalog.errors import EditRejected
from catalog.file_format.header import parse_header
from catalog.models import Product, SetKind, Variant
from catalog.reading.definitions import load_definitions
from catalog.writing.context import Actor
from tests.imports import import_rows

_NASTY = [
    "", "'", "''", "'=1", "''0", "'s-Hertogenbosch", "=1+1", "+49 30", "-5", "@SUM(A1)", "|pipe",
    "0012", "12", "1E5", "1.22E+11", "1.0", "TRUE", "null", "a\nb", 'say "hi"', '"', "a,b;c|d\te",
    "_x0041_", "_x0041_x0042_", "&amp;", "<b>&</b>", "a\uffffb", "\ufffe", "\ufeffx", "x\u200b",
    "#", ";", "#;", "a#", ";a", "a#;b", " #; ", "a (b)", "(b)", "a(b)(c)", "ä", "a\u0308",
    "\u2028a", "扇" * 40, "x" * 900, "x" * 2_000, "NaN", "{}", "[1]", "/", "a/b", "sep=;", ".",
    "Export Marker v1", "a  b", "a\u00a0b", "\u0958",
]  # fmt: skip
texts = st.one_of(
    st.sampled_from(_NASTY),
    st.text("'=+-@#; ab\n\"", max_size=6),
    st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=8),
)
_names = st.one_of(st.sampled_from(["Fan", "Lamp", "fan", "Fän", "Fa\u0308n", "K"] * 8), texts)
_plain_skus = st.integers(1, 30).map("S-{}".format)
_skus = st.one_of(
    _plain_skus,
    _plain_skus,
    st.sampled_from(
        ["7", "07", "007", "A", "a", "'A", "=A", "1.22E+11", "7", "007", "7", "A#;B", "A/B", "00"]
    ),
    texts,
)
_items = st.lists(texts, max_size=3).map(" #;".join)
_numbers = st.one_of(
    st.sampled_from(["", "0", "0.0001", "1234567890.123", "9999999999.999", "5830.00", "12"]),
    st.decimals(0, 10**9, places=3).map(str),
)
_urls = st.lists(
    st.sampled_from(
        [
            "https://a.example/1",
            "http://a.example/#",
            "https://a.example/ä?q='=1",
            "https://b.example/2",
        ]
    ),
    max_size=3,
).map("#;".join)
_GTINS = ["", "", "", "4006381333931", "96385074", "00096385074", "036000291452", "5"]
_FIXED: dict[str, st.SearchStrategy[str]] = {
    "Display Name": texts,
    "Description": texts,
    "Tags": _items,
    "Media Paths": _urls,
    "Category Path": st.lists(texts, max_size=3).map("/".join),
    "Collections": _items,
    "Price": _numbers,
    "List Price": _numbers,
    "Weight(gms)": _numbers,
    "Active": st.sampled_from(["", "TRUE", "false"]),
    "Tax Number": texts,
    "Tax Rate": texts,
    "EAN": st.sampled_from(_GTINS),
    "Product Key": st.one_of(st.just(""), _names),
}
_parts = st.one_of(
    st.sampled_from(["size(mm)", "size", "a b", "e(a)(b)", "x (y", "Size", "w (kg)"]),
    st.text("ab ()'=ä/,;#\"", min_size=1, max_size=6).map(lambda text: f"{text}."),
)
_attribute_headers = st.builds(
    lambda word, gap, part: f"{word}{gap}{part}",
    st.sampled_from(["Variant", "VARIANT", " v ariant"]),
    st.sampled_from(["#;", " #; ", " #;"]),
    _parts,
)
_set_headers = st.builds(
    lambda words, parts: " #; ".join([words[0], *parts[: words[1]]]),
    st.sampled_from(
        [("Property Set Table", 2), ("Property Set List", 1), ("property set media", 1)]
    ),
    st.tuples(_parts, _parts),
)

Step = Callable[[Account], None]


def _identity(header: str) -> tuple[str, ...]:
    return parse_header([header]).columns[0].identity


@st.composite
def _files(draw: st.DrawFn) -> Step:
    """A file of some fixed and some invented columns, most of whose rows can be taken."""
    columns: dict[str, st.SearchStrategy[str]] = {"SKU": _skus, "Product Name": _names}
    for header in draw(st.lists(st.sampled_from(sorted(_FIXED)), max_size=6, unique=True)):
        columns[header] = _FIXED[header]
    dynamic = st.one_of(_attribute_headers, _set_headers)
    for header in draw(st.lists(dynamic, max_size=4, unique_by=_identity)):
        columns[header] = _urls if "media" in header else st.one_of(texts, _items)
    rows = draw(st.lists(st.tuples(*columns.values()), min_size=1, max_size=6))
    clear = draw(st.booleans())

    def run(account: Account) -> None:
        options: dict[str, Any] = {"blank_cells": "clear"} if clear else {}
        import_rows(account, list(columns), rows, **options)

    return run


@dataclass(frozen=True)
class _Edit:
    """One edit by a person; what it names is chosen from what there is by then."""

    kind: str
    place: int
    text: str
    items: list[str]
    number: str

    def __call__(self, account: Account) -> None:
        with suppress(EditRejected):
            getattr(self, f"_{self.kind}")(account, {"account_id": account.pk, "actor": Actor()})

    def _chosen(self, found: Iterable[Any]) -> Any:
        there = list(found)
        return there[self.place % len(there)] if there else None

    def _new_product(self, account: Account, by: dict[str, Any]) -> None:
        made = editing.create_product(**by, name=self.text, tags=self.items)
        editing.create_variant(**by, product_id=made, sku=self.text)

    def _new_variant(self, account: Account, by: dict[str, Any]) -> None:
        product = self._chosen(Product.objects.filter(account=account).order_by("id"))
        if product:
            editing.create_variant(**by, product_id=product.pk, sku=self.text)

    def _rename(self, account: Account, by: dict[str, Any]) -> None:
        product = self._chosen(Product.objects.filter(account=account).order_by("id"))
        if product:
            editing.edit_product(**by, product_id=product.pk, name=self.text)

    def _shelve(self, account: Account, by: dict[str, Any]) -> None:
        product = self._chosen(Product.objects.filter(account=account).order_by("id"))
        if product:
            editing.edit_product(
                **by, product_id=product.pk, tags=self.items, category_path=self.text
            )

    def _change(self, account: Account, by: dict[str, Any]) -> None:
        variant = self._chosen(Variant.objects.filter(account=account).order_by("id"))
        if variant is None:
            return
        values = {"display_name": self.text, "price": self.number, "active": bool(self.items)}
        editing.edit_variant(**by, variant_id=variant.pk, values=values, **self._documents(account))

    def _documents(self, account: Account) -> dict[str, Any]:
        definitions = load_definitions(account_id=account.pk)
        found: dict[str, Any] = {"attributes": {}, "tables": {}, "lists": {}, "media": {}}
        if attribute := self._chosen(definitions.attributes):
            found["attributes"][attribute.id] = self.text
        if chosen := self._chosen(definitions.property_sets):
            if chosen.kind is SetKind.TABLE:
                found["tables"][chosen.id] = {chosen.entries[0].id: self.items}
            elif chosen.kind is SetKind.LIST:
                found["lists"][chosen.id] = self.items
        return found


_edits = st.builds(
    _Edit,
    kind=st.sampled_from(["new_product", "new_variant", "rename", "shelve", "change", "change"]),
    place=st.integers(0, 5),
    text=st.one_of(_skus, texts),
    items=st.lists(texts, max_size=3),
    number=_numbers,
)

#: Steps that make a catalog of an account that is empty before.
catalogs = st.tuples(_files(), st.lists(st.one_of(_edits, _files()), max_size=5)).map(
    lambda steps: [steps[0], *steps[1]]
)
