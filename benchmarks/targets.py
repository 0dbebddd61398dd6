"""What is expected, and whether it was met: every target is a ratio or a limit within one run."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks import imagery, light_table, lists, readers, renditions, saves
from benchmarks.imports import CONFIGURATIONS
from benchmarks.records import Records

Values = Callable[[Records, str, int], Sequence[float]]


@dataclass(frozen=True, slots=True)
class Limit:
    """`most` or `least` is the bound; `unit` goes behind the number."""

    most: float | None = None
    least: float | None = None
    unit: str = "x"

    def is_met(self, value: float) -> bool:
        return (self.most is None or value <= self.most) and (
            self.least is None or value >= self.least
        )

    def text(self) -> str:
        if self.most is not None:
            return f"<= {self.show(self.most)}"
        return "" if self.least is None else f">= {self.show(self.least)}"

    def show(self, value: float) -> str:
        digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 20 else 2
        text = f"{value:,.{digits}f}"
        return (text.rstrip("0").rstrip(".") if "." in text else text) + self.unit


@dataclass(frozen=True, slots=True)
class Target:
    """`values` gives one number a round, none if not measured. `rows` is the size the target is
    stated for; at other sizes it is shown, and judged by nobody. Without a limit likewise."""

    what: str
    values: Values
    limits: dict[str, Limit]
    rows: int | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    what: str
    database: str
    rows: int
    expected: str
    measured: str
    spread: str
    verdict: str


def verdicts(records: Records) -> Iterator[Verdict]:
    for database, rows in records.sizes():
        for target in TARGETS:
            values = target.values(records, database, rows)
            if values:
                yield _judge(target, database, rows, values)


def _judge(target: Target, database: str, rows: int, values: Sequence[float]) -> Verdict:
    limit = target.limits.get(database) or target.limits[_ANY]
    value = median(values)
    if not limit.text():
        verdict = "-"
    elif target.rows not in (None, rows):
        verdict = f"- (stated for {target.rows:,} rows)"
    else:
        verdict = "met" if limit.is_met(value) else "**missed**"
    return Verdict(
        what=target.what,
        database=database,
        rows=rows,
        expected=limit.text(),
        measured=limit.show(value),
        spread=f"{limit.show(min(values))} .. {limit.show(max(values))}",
        verdict=verdict,
    )


@dataclass(frozen=True, slots=True)
class _Ratio:
    """Seconds of `over` divided by seconds of `under`, round by round.

    Where several measures are named, the fastest of the round counts.
    """

    over: tuple[str, ...]
    under: tuple[str, ...]
    over_phase: str = "total"

    def __call__(self, records: Records, database: str, rows: int) -> Sequence[float]:
        over = _fastest(records, database, rows, self.over, self.over_phase)
        under = _fastest(records, database, rows, self.under, "total")
        return [over[number] / under[number] for number in over.keys() & under.keys()]


def _fastest(
    records: Records, database: str, rows: int, measures: tuple[str, ...], phase: str
) -> dict[int, float]:
    found = [records.seconds(database, rows, measure, phase) for measure in measures]
    rounds = set.intersection(*(set(seconds) for seconds in found))
    return {number: min(seconds[number] for seconds in found) for number in rounds}


def _reading_share(records: Records, database: str, rows: int) -> Sequence[float]:
    reading = records.seconds(database, rows, "product first", "reading")
    applying = records.seconds(database, rows, "product first", "applying")
    return [100 * reading[number] / applying[number] for number in reading]


def _reading_rate(records: Records, database: str, rows: int) -> Sequence[float]:
    reading = records.seconds(database, rows, "product first", "reading")
    return [rows / seconds for seconds in reading.values()]


def _save_p95(records: Records, database: str, rows: int) -> Sequence[float]:
    p95 = records.seconds(database, rows, saves.MEASURE, "p95")
    return [1000 * seconds for seconds in p95.values()]


def _worst_switch(records: Records, database: str, rows: int) -> Sequence[float]:
    worst = records.seconds(database, rows, light_table.MEASURE, "worst")
    return [1000 * seconds for seconds in worst.values()]


def _smaller(records: Records, database: str, rows: int) -> int | None:
    """The smallest other size that was imported on this database."""
    sizes = [size for kind, size in records.sizes() if kind == database and size < rows]
    return min(sizes, default=None)


def _memory_growth(records: Records, database: str, rows: int) -> Sequence[float]:
    smaller = _smaller(records, database, rows)
    if smaller is None:
        return []
    before = records.peak_mb(database, smaller, "product first")
    after = records.peak_mb(database, rows, "product first")
    return [] if before is None or after is None else [after - before]


def _time_growth(records: Records, database: str, rows: int) -> Sequence[float]:
    """Against a tenth of the rows."""
    tenth = records.seconds(database, rows // 10, "product first")
    whole = records.seconds(database, rows, "product first")
    return [median(whole.values()) / median(tenth.values())] if tenth and whole else []


@dataclass(frozen=True, slots=True)
class _MoreMemory:
    """MB that one measure took at its peak beyond another, round by round."""

    measure: str
    than: str

    def __call__(self, records: Records, database: str, rows: int) -> Sequence[float]:
        more = records.outcomes(database, rows, self.measure)
        less = records.outcomes(database, rows, self.than)
        return [more[number].peak_mb - less[number].peak_mb for number in more.keys() & less.keys()]


_ANY = "any"
_FIRST, _UNCHANGED = "product first", "product unchanged"
_BEST_FIRST = tuple(f"import-export {name} first" for name in CONFIGURATIONS)
_SAVING_UNCHANGED, _SKIPPING_UNCHANGED = (
    (f"import-export {name} unchanged",) for name in CONFIGURATIONS
)

TARGETS = (
    Target(
        "First import, apply phase, time against the floor",
        _Ratio((_FIRST,), ("floor first",), over_phase="applying"),
        {"sqlite": Limit(most=1.4), "postgresql": Limit(most=1.5)},
        rows=100_000,
    ),
    Target(
        "Reading into the spool, rows a second",
        _reading_rate,
        {_ANY: Limit(unit="")},
        rows=100_000,
    ),
    Target(
        # 100,000 rows a second on a machine that parses and digests 220,000.
        "Reading into the spool, time against parse + digest alone",
        _Ratio(("spool",), ("parse + digest",)),
        {_ANY: Limit(most=2.2)},
        rows=100_000,
    ),
    Target(
        "Reading into the spool, on top of a first import",
        _reading_share,
        {_ANY: Limit(most=15, unit=" %")},
        rows=100_000,
    ),
    Target(
        "First import, times as fast as django-import-export's best",
        _Ratio(_BEST_FIRST, (_FIRST,)),
        {_ANY: Limit(least=5)},
        rows=10_000,
    ),
    Target(
        "Unchanged file again, time against parse + digest alone",
        _Ratio((_UNCHANGED,), ("parse + digest",)),
        {_ANY: Limit(most=3.5)},
        rows=100_000,
    ),
    Target(
        # The configuration that the target calls the best, and was measured with.
        "Unchanged file again, times as fast as django-import-export with skip_diff",
        _Ratio(_SAVING_UNCHANGED, (_UNCHANGED,)),
        {_ANY: Limit(least=30)},
        rows=10_000,
    ),
    Target(
        "Unchanged file again, times as fast as django-import-export with skip_unchanged",
        _Ratio(_SKIPPING_UNCHANGED, (_UNCHANGED,)),
        {_ANY: Limit()},
        rows=10_000,
    ),
    Target(
        "Every row changed, time against the floor of that import",
        _Ratio(("product 100 % changed",), ("floor 100 % changed",)),
        {_ANY: Limit()},
        rows=100_000,
    ),
    Target(
        "Every row changed, time against the floor of the first import",
        _Ratio(("product 100 % changed",), ("floor first",)),
        {_ANY: Limit(most=2.5)},
        rows=100_000,
    ),
    Target(
        "10 % changed, time against unchanged",
        _Ratio(("product 10 % changed",), (_UNCHANGED,)),
        {_ANY: Limit(most=4)},
        rows=100_000,
    ),
    Target(
        "Peak memory of a first import, growth from the smallest size",
        _memory_growth,
        {_ANY: Limit(most=20, unit=" MB")},
    ),
    Target(
        "First import, time against a tenth of the rows",
        _time_growth,
        {_ANY: Limit(most=11)},
        rows=1_000_000,
    ),
    Target(
        "Admin save during a first import, 95th percentile",
        _save_p95,
        {"sqlite": Limit(most=300, unit=" ms"), _ANY: Limit(unit=" ms")},
        rows=100_000,
    ),
    Target(
        "List of 50 products with variants, times as fast as Django REST framework",
        _Ratio((lists.REST_FRAMEWORK,), (lists.PRODUCT,)),
        {_ANY: Limit(least=4)},
    ),
    Target(
        "Reading XLSX, times as fast as openpyxl read-only",
        _Ratio((readers.OPENPYXL,), (readers.XLSX,)),
        {_ANY: Limit(least=6)},
        rows=100_000,
    ),
    Target(
        "Reading JSON (twice: keys, then rows), time against ijson's parser in C",
        _Ratio((readers.JSON,), (readers.IJSON,)),
        {_ANY: Limit()},
        rows=100_000,
    ),
    Target(
        "Reading JSON (twice: keys, then rows), time against json.load of the whole",
        _Ratio((readers.JSON,), (readers.JSON_LOAD,)),
        {_ANY: Limit()},
        rows=100_000,
    ),
    Target(
        # 64 MiB of shared texts at the most, and what it takes to find them.
        "Importing XLSX, peak memory beyond that of the CSV file",
        _MoreMemory(readers.IMPORTS["xlsx"], than=readers.IMPORTS["csv"]),
        {_ANY: Limit(most=90, unit=" MB")},
        rows=100_000,
    ),
    Target(
        "Importing JSON, peak memory beyond that of the CSV file",
        _MoreMemory(readers.IMPORTS["json"], than=readers.IMPORTS["csv"]),
        {_ANY: Limit(most=20, unit=" MB")},
        rows=100_000,
    ),
    Target(
        "Renditions (five presets, JPEG and WebP), time against pyvips",
        _Ratio((renditions.CASCADE,), (renditions.PYVIPS,)),
        {_ANY: Limit(most=1.1)},
    ),
    Target(
        "Renditions, times as fast as Pillow size by size",
        _Ratio((renditions.SIZE_BY_SIZE,), (renditions.CASCADE,)),
        {_ANY: Limit(least=1)},
    ),
    Target(
        "Image batch (200 SKUs, n = 4, six at a time), time against the asyncio script",
        _Ratio((imagery.OURS,), (imagery.SCRIPT,)),
        {_ANY: Limit(most=1.1)},
    ),
    Target(
        "Light table, from a key to the next SKU on the screen, the slowest of 50",
        _worst_switch,
        {_ANY: Limit(most=200, unit=" ms")},
    ),
    Target(
        "Rendition requests, time against Django serving a static file",
        _Ratio((renditions.REQUEST,), (renditions.STATIC,)),
        {_ANY: Limit()},
    ),
)
