"""openpyxl at its best for reading: read-only, values alone, row by row."""

from time import perf_counter

from openpyxl import load_workbook

from benchmarks.outcome import Outcome


def measure(*, file: str) -> Outcome:
    started = perf_counter()
    book = load_workbook(file, read_only=True, data_only=True)
    rows = sum(1 for _ in book.worksheets[0].iter_rows(min_row=2, values_only=True))
    seconds = perf_counter() - started
    book.close()
    return Outcome(seconds={"total": seconds}, facts={"rows": rows})
