"""Whether the definitions that an edit names are the account's own, and of the kind it takes."""

from collections.abc import Collection, Mapping

from catalog.errors import EditRejected
from catalog.models import (
    AttributeDefinition,
    PropertySetDefinition,
    SetKind,
    TableEntryDefinition,
)


def refuse_unknown_definitions(
    *,
    account_id: int,
    attributes: Collection[int],
    tables: Mapping[int, Collection[int]],
    lists: Collection[int],
    media: Collection[int],
) -> None:
    """Ids of definitions; `tables` are entries by set. Raises EditRejected.

    One query for each kind of definition that the edit names.
    """
    known = _attributes(account_id, attributes)
    errors = {f"attributes.{pk}": "attribute" for pk in attributes if pk not in known}
    kinds = _sets(account_id, {*tables, *lists, *media})
    entries = _entries(account_id, {entry for named in tables.values() for entry in named})
    for pk, named in tables.items():
        for entry in named:
            if kinds.get(pk) != SetKind.TABLE or entries.get(entry) != pk:
                errors[f"property_sets.{pk}.{entry}"] = "table entry"
    errors |= {f"property_sets.{pk}": "list" for pk in lists if kinds.get(pk) != SetKind.LIST}
    errors |= {f"media.{pk}": "media set" for pk in media if kinds.get(pk) != SetKind.MEDIA}
    if errors:
        raise EditRejected(
            {field: [f"This account has no such {what}."] for field, what in errors.items()}
        )


def _attributes(account_id: int, ids: Collection[int]) -> set[int]:
    if not ids:
        return set()
    mine = AttributeDefinition.objects.filter(account_id=account_id, pk__in=ids)
    return set(mine.values_list("id", flat=True))


def _sets(account_id: int, ids: Collection[int]) -> dict[int, str]:
    if not ids:
        return {}
    mine = PropertySetDefinition.objects.filter(account_id=account_id, pk__in=ids)
    return dict(mine.values_list("id", "kind"))


def _entries(account_id: int, ids: Collection[int]) -> dict[int, int]:
    """Set ids by entry id."""
    if not ids:
        return {}
    mine = TableEntryDefinition.objects.filter(property_set__account_id=account_id, pk__in=ids)
    return dict(mine.values_list("id", "property_set_id"))
