"""Keys that a spreadsheet has damaged, and the existing keys they most likely were."""

from collections.abc import Collection, Iterable, Set

from catalog.file_format.cells import looks_scientific
from catalog.importing.rows import FileRow
from catalog.writing.context import WriteContext

_LONGEST_NUMBER = 14
_MOST_LOST_ZEROS = 5


def maybe_damaged(rows: Iterable[FileRow]) -> list[str]:
    """Their SKUs that begin with a digit, as what a spreadsheet has damaged does."""
    return [row.sku for row in rows if row.sku[:1].isdigit()]


def keys_with_zeros(key: str) -> list[str]:
    """What a number could have been before a spreadsheet took its leading zeros."""
    if not (key.isdigit() and key.isascii()) or key.startswith("0"):
        return []
    most = min(_MOST_LOST_ZEROS, _LONGEST_NUMBER - len(key))
    return ["0" * zeros + key for zeros in range(1, most + 1)]


def stored_keys(
    context: WriteContext, keys: Collection[str], *, but_by: Collection[int] = ()
) -> set[str]:
    """Those of the keys that are SKUs of the account, but for those that these uploads made."""
    if not keys:
        return set()
    tables = context.tables
    rows = tables.select(
        "SELECT sku, created_by_upload_id FROM catalog_variant "  # noqa: S608 - our own names
        f"WHERE account_id = %s AND sku {tables.in_list}",
        [context.account_id, tables.among(keys)],
    )
    return {sku for sku, made_by in rows if made_by not in but_by}


def likely_originals(context: WriteContext, keys: Iterable[str]) -> dict[str, str]:
    """For keys like 1.22E+11: the one SKU with those digits and that length, where there is one.

    What this upload has created is left out: earlier batches must not make a difference.
    """
    shapes = {key: _shape(key) for key in keys if looks_scientific(key)}
    if not shapes:
        return {}
    tables = context.tables
    found: dict[str, list[str]] = {}
    for length in sorted({len(digits) for digits, _ in shapes.values()}):
        prefixes = [digits for digits, _ in shapes.values() if len(digits) == length]
        for (sku,) in tables.select(
            "SELECT sku FROM catalog_variant WHERE account_id = %s "  # noqa: S608 - our own names
            f"AND substr(sku, 1, {length}) {tables.in_list} "
            "AND created_by_upload_id IS DISTINCT FROM %s ORDER BY sku LIMIT 1000",
            [context.account_id, tables.among(prefixes), context.actor.upload_id],
        ):
            if sku.isdigit():
                found.setdefault(sku[:length], []).append(sku)
    originals = {}
    for key, (digits, length) in shapes.items():
        fitting = [sku for sku in found.get(digits, ()) if len(sku) == length]
        if len(fitting) == 1:
            originals[key] = fitting[0]
    return originals


def _shape(key: str) -> tuple[str, int]:
    """Leading digits and length of the number: 1.22E+11 begins with 122 and has 12 digits."""
    mantissa, _, exponent = key.upper().partition("E+")
    return mantissa.replace(".", "").replace(",", "").rstrip("0") or "0", int(exponent) + 1


def describe(key: str, original: str | None) -> str:
    likely = f" Most likely it was {original!r}." if original else ""
    return (
        f"{key!r} is a number that a spreadsheet shortened.{likely} Format the column as text and "
        "enter the key again."
    )


def describe_lost_zeros(key: str, original: str) -> str:
    return (
        f"{key!r} looks like the existing key {original!r} without its leading zeros. Format the "
        "column as text and enter the key again."
    )


def first_present(candidates: Iterable[str], present: Set[str]) -> str | None:
    return next((candidate for candidate in candidates if candidate in present), None)
