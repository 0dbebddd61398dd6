"""Deterministic catalog files of any size: `python -m benchmarks.generate_catalog 1000 out.csv`.

Three to five variants a product; one in ten rows, or every row, can be given another price, so
that the same catalog comes again with changes.
"""

import argparse
import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from catalog.file_format.columns import CANONICAL_HEADERS, Field

_FIELDS = (
    Field.NAME,
    Field.DISPLAY_NAME,
    Field.SKU,
    Field.DESCRIPTION,
    Field.TAGS,
    Field.MEDIA,
    Field.CATEGORY,
    Field.COLLECTIONS,
    Field.PRICE,
    Field.LIST_PRICE,
    Field.LENGTH,
    Field.WIDTH,
    Field.HEIGHT,
    Field.WEIGHT,
    Field.ACTIVE,
    Field.TAX_NUMBER,
    Field.TAX_RATE,
)
HEADER = (
    *(CANONICAL_HEADERS[field] for field in _FIELDS),
    "Variant #; color",
    "Variant #; sweep size(mm)",
    "Variant #; power consumption(watts)",
    "Property Set Table #; details #; rated speed(m³/min)",
    "Property Set Table #; details #; no of blades",
    "Property Set Table #; details #; guarantee(years)",
    "Property Set Table #; details #; Rated frequency(Hz)",
    "Property Set Table #; additional details #; Rated Voltage (Volts Range)",
    "Property Set Table #; additional details #; Suited Rooms",
    "Property Set List #; Notable Features",
    "Property Set Media #; Gallery",
)


def _words(text: str) -> list[str]:
    return text.split()


_STYLES = _words(
    "Alto Brisk Calm Dune Echo Fjord Grove Haze Indigo Juno Kite Lark Mesa Nimbus Onyx Prime "
    "Quartz Ridge Sable Tidal"
)
_THINGS = _words(
    "Fan Lamp Heater Kettle Mixer Blender Iron Switch Cable Geyser Pump Cooler Purifier Stand "
    "Shelf Chair Desk Stool Frame Panel"
)
_FINISHES = (
    "Walnut",
    "Charcoal",
    "Twilight",
    "Polar White",
    "Graphite",
    "Cream",
    "Jet Black",
    "Satin Steel",
    "Copper",
    "Sea Blue",
    "Brick Red",
    "Moss",
)
_ROOMS = ("Hall", "Living Room", "Bed Room", "Kitchen", "Study", "Any Room", "Bath", "Veranda")
_WORDS = _words(
    "noiseless motor consumes little power while galvanised components resist moisture throughout "
    "monsoon seasons generous airflow at every speed setting restrained lines suiting contemporary "
    "interiors serviceable parts"
)
_BRANCHES = ("Fans", "Lighting", "Home Appliances", "Furniture", "Electricals")
_CATEGORIES = [
    f"{branch}/Group {group}/Type {kind}"
    for branch in _BRANCHES
    for group in range(1, 6)
    for kind in range(1, 8)
]
_TAGS = [f"Tag {number:03d}" for number in range(150)]
_COLLECTIONS = [f"Collection {number}" for number in range(60)]


@dataclass(frozen=True, slots=True)
class Repricing:
    """Every `every`-th row, from the first on, costs `by` more; nothing else differs."""

    every: int
    by: int

    def price(self, price: int, *, row: int) -> int:
        return price + self.by if row % self.every == 0 else price


NO_CHANGE = Repricing(every=1, by=0)


@dataclass(frozen=True, slots=True)
class _Product:
    """What the rows of one product share."""

    number: int
    name: str
    description: str
    tags: str
    category: str
    collections: str
    price: int
    tax_number: str


def rows(count: int, *, repricing: Repricing = NO_CHANGE, seed: int = 7) -> Iterator[list[str]]:
    """Rows of a file under HEADER. Same arguments, same rows."""
    random = Random(seed)
    row = product_number = 0
    while row < count:
        product_number += 1
        variants = random.choice((3, 3, 4, 4, 4, 5, 5))
        product = _product(random, product_number)
        for position in range(min(variants, count - row)):
            price = repricing.price(product.price + 10 * position, row=row)
            yield _variant(random, product, position, price)
            row += 1


def _product(random: Random, number: int) -> _Product:
    words = " ".join(random.choices(_WORDS, k=random.randint(8, 40))).capitalize()
    if random.random() < 0.03:
        words += ', with "quotes", commas and ünïcødé — ₹'
    return _Product(
        number=number,
        name=f"{random.choice(_STYLES)} {random.choice(_THINGS)} {number:06d}",
        description=words,
        tags="#;".join(random.sample(_TAGS, random.choice((1, 2, 2, 3)))),
        category=random.choice(_CATEGORIES),
        collections="#;".join(random.sample(_COLLECTIONS, 2)),
        price=random.randint(300, 60_000),
        tax_number=random.choice(("H234", "H871", "H9983", "")),
    )


def _variant(random: Random, product: _Product, position: int, price: int) -> list[str]:
    finish = _FINISHES[(product.number + position) % len(_FINISHES)]
    sweep = random.choice((600, 900, 1200, 1320, 1400))
    sku = f"SK{product.number:06d}V{position}X{random.randrange(16**4):04X}"
    images = f"https://cdn.example.test/m/{sku}"
    side = f"#;{images}/side.png" if position % 2 else ""
    return [
        product.name,
        f"{product.name} {sweep} mm {finish}",
        sku,
        product.description,
        product.tags,
        f"{images}/cover.png{side}",
        product.category,
        product.collections,
        f"{price}.{random.choice(('00', '50', '99'))}",
        str(product.price + 10 * position + random.choice((0, 0, 500))),
        str(random.randint(0, 2000)),
        str(random.randint(0, 900)),
        str(random.randint(0, 900)),
        str(random.randint(50, 20_000)),
        "TRUE" if random.random() < 0.95 else "FALSE",
        product.tax_number,
        "18% GST" if product.tax_number else "",
        finish,
        str(sweep),
        str(random.randint(20, 95)),
        *_details(random),
        "#;".join(f"Feature {random.randint(1, 400)}" for _ in range(random.randint(1, 5))),
        " #; ".join(f"{images}/g{shot}.png" for shot in range(random.choice((1, 2, 2)))),
    ]


def _details(random: Random) -> list[str]:
    """Cells of the two property set tables."""
    return [
        str(random.randint(150, 280)),
        str(random.choice((3, 4, 5))),
        str(random.choice((1, 2, 5))) if random.random() < 0.8 else "",
        "50" if random.random() < 0.5 else "",
        "220#;240",
        "#;".join(random.sample(_ROOMS, random.choice((1, 2, 2, 3)))),
    ]


def write_catalog(path: Path, count: int, *, repricing: Repricing = NO_CHANGE) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows(rows(count, repricing=repricing))


def main() -> None:
    parser = argparse.ArgumentParser(description="Write a deterministic catalog file (CSV).")
    parser.add_argument("rows", type=int)
    parser.add_argument("path", type=Path)
    parser.add_argument("--every", type=int, default=1, help="give every n-th row another price")
    parser.add_argument("--by", type=int, default=0, help="by this much higher")
    chosen = parser.parse_args()
    write_catalog(chosen.path, chosen.rows, repricing=Repricing(every=chosen.every, by=chosen.by))


if __name__ == "__main__":
    main()
