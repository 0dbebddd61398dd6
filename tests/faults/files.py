"""Catalog files that meet most of what an importer must get right, the same each time."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random

HEADER = (
    "Product Name",
    "SKU",
    "EAN",
    "Display Name",
    "Price",
    "Category Path",
    "Tags",
    "Collections",
    "Media Paths",
    "Active",
    "Variant #; sweep size(mm)",
    "Property Set Table #; details #; rated speed(m³/min)",
    "Property Set List #; Notable Features",
    "Property Set Media #; Gallery",
)
VARIANTS = 3


@dataclass(frozen=True, slots=True)
class FileRow:
    name: str
    sku: str
    ean: str
    price: str
    category: str
    tags: str
    feature: str
    extra: tuple[str, ...] = ()

    @property
    def cells(self) -> list[str]:
        return [
            self.name,
            self.sku,
            self.ean,
            f"{self.name} {self.sku}",
            self.price,
            self.category,
            self.tags,
            "Summer#;Winter",
            f"https://cdn.example.test/{self.ean}/cover.png",
            "TRUE",
            "1200",
            "220#;240",
            self.feature,
            f"https://cdn.example.test/{self.ean}/a.png#;https://cdn.example.test/logo.png",
            *self.extra,
        ]


def first_file(products: int) -> list[FileRow]:
    """`VARIANTS` rows a product, nothing wrong with any."""
    random = Random(products)
    return [
        FileRow(
            name=f"Zester Ünï {number:04d}",
            sku=f"FAN/{number:04d}-{position}",
            ean=_ean(number * VARIANTS + position),
            price=f"{random.randint(300, 60_000)}.50",
            category=f"Fans/Group {number % 7}/Type {number % 13}",
            tags=f"Tag {number % 17}#;Tag {number % 5 + 20}",
            feature=f"Feature {random.randint(1, 40)}",
        )
        for number in range(products)
        for position in range(VARIANTS)
    ]


def changed_file(products: int) -> list[FileRow]:
    """The first file later: prices, renamed, emptied and new products, moved and new variants."""
    rows = [_changed(index, row) for index, row in enumerate(first_file(products))]
    new = [replace(row, sku=f"{row.sku}-new", ean=_ean(900_000 + i)) for i, row in enumerate(rows)]
    return rows + new[VARIANTS :: 2 * VARIANTS]


def renaming_files(products: int) -> tuple[list[list[str]], list[list[str]]]:
    """Products of one variant, and the same variants under other product names."""
    before = [[f"Lamp {number}", f"LAMP-{number}"] for number in range(products)]
    return before, [[f"{name} II", sku] for name, sku in before]


def with_issues(rows: list[FileRow]) -> list[FileRow]:
    """The same rows with bad prices, repeated keys, taken EANs, ragged rows and conflicts."""
    return list(_spoilt(rows))


def _changed(index: int, row: FileRow) -> FileRow:
    product, position = divmod(index, VARIANTS)
    if index % 3 == 0:
        row = replace(row, price=str(int(float(row.price)) + 1), feature="Feature 0")
    if product % 2 == 0:
        return replace(row, name=f"{row.name} II")
    if product % 11 == 0:
        return replace(row, name="Absorbed")
    if product % 7 == 0 and position == VARIANTS - 1:
        return replace(row, name=f"{row.name} Single")
    return row


def _spoilt(rows: list[FileRow]) -> Iterator[FileRow]:
    for index, row in enumerate(rows):
        if index % 37 == 5:
            yield replace(row, price="cheap")
        elif index % 41 == 7:
            yield replace(row, extra=("one cell", "too many"))
        elif index % 53 == 9:
            yield replace(row, ean=rows[index - 4].ean)
        elif index % 29 == 11:
            yield replace(row, tags="Something else")
        else:
            yield row
        if index % 43 == 8:
            yield replace(rows[index // 2], price="1.00")


def _ean(number: int) -> str:
    """A GTIN-13 with its check digit."""
    digits = f"890{number:09d}"
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return f"{digits}{-total % 10}"
