"""Column mappings: checked, found by name, saved, changed and deleted."""

from collections.abc import Mapping, Sequence

from django.db import IntegrityError, transaction

from accounts.models import Account, User
from bulk_uploads.column_targets import LEAVE_OUT, OffersTargets
from bulk_uploads.errors import InvalidMapping, InvalidOptions, MappingInUse, MappingNameTaken
from bulk_uploads.models import ENDED, BulkUpload, SavedMapping
from bulk_uploads.models.saved_mapping import LONGEST_NAME
from bulk_uploads.processors import Processor

_MOST_COLUMNS = 1000
_MOST_NAMED = 20
_NO_MAPPING = "must be an object of file columns and the fields they become."


def clean_mapping(*, processor: Processor, given: object) -> dict[str, str]:
    """Columns to targets, "" or null leaving a column out. Raises InvalidMapping with all that is
    wrong at once."""
    if not isinstance(given, dict) or not given:
        raise InvalidMapping(_NO_MAPPING)
    if len(given) > _MOST_COLUMNS:
        raise InvalidMapping(f"has more than {_MOST_COLUMNS} columns.")
    cleaned: dict[str, str] = {}
    for column, target in given.items():
        if not isinstance(target, str | None) or not isinstance(column, str):
            raise InvalidMapping("must name a field for each column, as text.")
        name = column.strip()
        if name in cleaned:
            raise InvalidMapping(f"names the column {name!r} twice.")
        cleaned[name] = target.strip() if target else LEAVE_OUT
    if isinstance(processor, OffersTargets):
        problems = processor.mapping_problems(cleaned)
    else:
        problems = _shared_targets(cleaned)
    if problems:
        raise InvalidMapping(*problems)
    return cleaned


def _shared_targets(mapping: Mapping[str, str]) -> list[str]:
    targets = [target for target in mapping.values() if target != LEAVE_OUT]
    twice = sorted({target for target in targets if targets.count(target) > 1})
    return [f"sends two columns to one field: {', '.join(twice)}."] if twice else []


def with_saved_mapping(
    *, account: Account, processor: Processor, given: Mapping[str, object] | None
) -> tuple[dict[str, object], SavedMapping | None]:
    """The options with a mapping in the place of its name, and the saved one it was.

    Raises InvalidOptions where the account has none of that name for this processor.
    """
    options = dict(given or {})
    name = options.get("mapping")
    if not isinstance(name, str) or "mapping" not in processor.options:
        return options, None
    saved = SavedMapping.objects.for_account(account.pk).named(name).first()
    if saved is None or saved.processor_name != processor.name:
        raise InvalidOptions({"mapping": [_not_saved(account, processor, name)]})
    return {**options, "mapping": dict(saved.mapping)}, saved


def _not_saved(account: Account, processor: Processor, name: str) -> str:
    saved = SavedMapping.objects.for_account(account.pk).filter(processor_name=processor.name)
    names = ", ".join(repr(each.name) for each in saved[:_MOST_NAMED]) or "none"
    return f"There is no saved mapping {name[:LONGEST_NAME]!r} for such files. Saved are: {names}."


def save_mapping(
    *,
    account: Account,
    name: str,
    processor: Processor,
    mapping: object,
    header: Sequence[str] | None = None,
    created_by: User | None = None,
    replace: bool = False,
) -> SavedMapping:
    """Keep a mapping by name; with `replace` also in the place of one that has the name.

    Raises InvalidMapping or MappingNameTaken.
    """
    plain = _clean_name(name)
    cleaned = clean_mapping(processor=processor, given=mapping)
    saved = SavedMapping.objects.for_account(account.pk).named(plain).first()
    if saved is not None and not (replace and saved.processor_name == processor.name):
        raise MappingNameTaken(plain)
    if saved is None:
        saved = SavedMapping(account=account, processor_name=processor.name, created_by=created_by)
    return _write(saved, plain, cleaned, header)


def change_mapping(
    *, saved: SavedMapping, name: str, processor: Processor, mapping: object
) -> SavedMapping:
    """Uploads given with it before keep what it said then. Raises as `save_mapping` does."""
    plain = _clean_name(name)
    cleaned = clean_mapping(processor=processor, given=mapping)
    same = SavedMapping.objects.for_account(saved.account_id).named(plain).exclude(pk=saved.pk)
    if same.exists():
        raise MappingNameTaken(plain)
    return _write(saved, plain, cleaned, None)


def delete_mapping(*, saved: SavedMapping) -> None:
    """Raises MappingInUse while an upload that was given with it has not ended."""
    with transaction.atomic():
        held = SavedMapping.objects.select_for_update().get(pk=saved.pk)
        running = BulkUpload.objects.filter(saved_mapping=held).exclude(status__in=ENDED)
        if first := running.order_by("id").first():
            raise MappingInUse(str(first))
        held.delete()


def _clean_name(name: str) -> str:
    plain = " ".join(name.split())
    if not plain or not plain.isprintable():
        raise InvalidMapping("Give the mapping a name.", attribute_name="name")
    if len(plain) > LONGEST_NAME:
        text = f"A name has at most {LONGEST_NAME} characters."
        raise InvalidMapping(text, attribute_name="name")
    return plain


def _write(
    saved: SavedMapping, name: str, mapping: dict[str, str], header: Sequence[str] | None
) -> SavedMapping:
    saved.name, saved.mapping = name, mapping
    if header is not None:
        saved.header = list(header)
    try:
        with transaction.atomic():
            saved.save()
    except IntegrityError as error:
        # Somebody else took the name a moment ago.
        raise MappingNameTaken(name) from error
    return saved
