"""The locations of an account: looked up by name, and made where a file names a new one."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from catalog.stock.location_names import DEFAULT_LOCATION, LocationName
from catalog.writing.context import WriteContext


@dataclass(frozen=True, slots=True)
class FirstMention:
    """The first row of a file that names a location which is not there yet.

    `is_default`: it names none at all, so that the account's default location has to be made.
    """

    name: LocationName
    row: int
    is_default: bool


@dataclass(slots=True)
class Locations:
    """What one batch needs to know of locations: ids by key, and those that have to be made."""

    ids: dict[str, int] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    default: LocationName = DEFAULT_LOCATION
    #: Named by an earlier row of the file, which a dry run has rolled back.
    mentioned: set[str] = field(default_factory=set)
    missing: dict[str, FirstMention] = field(default_factory=dict)

    @classmethod
    def load(
        cls, context: WriteContext, keys: Collection[str], *, upload_id: int, is_dry: bool
    ) -> "Locations":
        """Two queries; one where nothing is rolled back."""
        found = cls()
        tables = context.tables
        wanted = [*keys, DEFAULT_LOCATION.key]
        for location_id, name, key, is_default in tables.select(
            "SELECT id, name, key, is_default FROM catalog_location "  # noqa: S608 - our own names
            f"WHERE account_id = %s AND (is_default OR key {tables.in_list})",
            [context.account_id, tables.among(wanted)],
        ):
            found.ids[key] = location_id
            found.names[key] = name
            if is_default:
                found.default = LocationName(name, key)
        if is_dry:
            rows = tables.select(
                "SELECT key FROM catalog_newlocation "  # noqa: S608 - our own names
                f"WHERE upload_id = %s AND is_dry = %s AND key {tables.in_list}",
                [upload_id, True, tables.among(wanted)],
            )
            found.mentioned = {row[0] for row in rows}
        return found

    def named(self, name: LocationName | None) -> LocationName:
        """The location that a row names, or the default one, spelled as it is stored."""
        chosen = name or self.default
        return LocationName(self.names.get(chosen.key, chosen.name), chosen.key)

    def mention(self, name: LocationName | None, *, row: int) -> FirstMention | None:
        """The mention, if it is the file's first of a location that has to be made and was named.

        Only for a row that changes a level there.
        """
        chosen = name or self.default
        if chosen.key in self.ids or chosen.key in self.missing:
            return None
        first = FirstMention(chosen, row, is_default=name is None)
        self.missing[chosen.key] = first
        return None if first.is_default or chosen.key in self.mentioned else first

    def create(self, context: WriteContext) -> None:
        """Make those that are mentioned and not there."""
        if self.missing:
            self.ids.update(create_locations(context, list(self.missing.values())))

    def remember(self, context: WriteContext, *, upload_id: int, is_dry: bool) -> None:
        """Keep which rows named them first, for later batches and for the upload's output."""
        context.tables.insert(
            "catalog_newlocation",
            ("upload_id", "is_dry", "key", "name", "row"),
            [
                (upload_id, is_dry, key, first.name.name, first.row)
                for key, first in self.missing.items()
                if key not in self.mentioned
            ],
        )


def create_locations(context: WriteContext, mentions: Sequence[FirstMention]) -> dict[str, int]:
    """Ids by key, also of those that somebody else made meanwhile."""
    tables = context.tables
    now = tables.moment(context.now)
    tables.insert_missing(
        "catalog_location",
        ("account_id", "name", "key", "is_default", "created_by_upload_id", "created_at"),
        [
            (
                context.account_id,
                first.name.name,
                first.name.key,
                first.is_default,
                context.actor.upload_id,
                now,
            )
            for first in mentions
        ],
    )
    return location_ids(context, [first.name.key for first in mentions])


def location_ids(context: WriteContext, keys: Iterable[str]) -> dict[str, int]:
    tables = context.tables
    return dict(
        tables.select(
            "SELECT key, id FROM catalog_location "  # noqa: S608 - our own names
            f"WHERE account_id = %s AND key {tables.in_list}",
            [context.account_id, tables.among(list(keys))],
        )
    )
