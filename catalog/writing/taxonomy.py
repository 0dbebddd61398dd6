"""Categories, tags and collections by name, made where they are missing."""

from collections.abc import Iterable

from catalog.writing.context import WriteContext

_CACHE_LIMIT = 50_000


class Taxonomy:
    """Remembers ids across the batches of one slice, and which of the names it has `made`.

    `forget()` after a roll-back.
    """

    def __init__(self) -> None:
        self._ids: dict[str, dict[str, int]] = {"category": {}, "tag": {}, "collection": {}}
        self.made: dict[str, set[str]] = {kind: set() for kind in self._ids}

    def forget(self) -> None:
        for kind, known in self._ids.items():
            known.clear()
            self.made[kind].clear()

    def tags(self, context: WriteContext, names: Iterable[str]) -> dict[str, int]:
        return self._named(context, "tag", names)

    def collections(self, context: WriteContext, names: Iterable[str]) -> dict[str, int]:
        return self._named(context, "collection", names)

    def categories(self, context: WriteContext, paths: Iterable[str]) -> dict[str, int]:
        """By full path; missing levels are made from the root down."""
        known = self._room("category")
        wanted = with_ancestors(path for path in paths if path not in known)
        missing = self._look_up(context, "category", "path", wanted)
        self.made["category"].update(missing)
        for depth in sorted({path.count("/") for path in missing}):
            level = sorted(path for path in missing if path.count("/") == depth)
            context.tables.insert_missing(
                "catalog_category",
                ("account_id", "parent_id", "name", "path"),
                [
                    (
                        context.account_id,
                        known[path.rpartition("/")[0]] if depth else None,
                        path.rpartition("/")[2],
                        path,
                    )
                    for path in level
                ],
            )
            self._look_up(context, "category", "path", level)
        return known

    def _named(self, context: WriteContext, kind: str, names: Iterable[str]) -> dict[str, int]:
        known = self._room(kind)
        wanted = [name for name in dict.fromkeys(names) if name not in known]
        missing = self._look_up(context, kind, "name", wanted)
        self.made[kind].update(missing)
        if missing:
            context.tables.insert_missing(
                f"catalog_{kind}",
                ("account_id", "name"),
                [(context.account_id, name) for name in missing],
            )
            self._look_up(context, kind, "name", missing)
        return known

    def _room(self, kind: str) -> dict[str, int]:
        known = self._ids[kind]
        if len(known) > _CACHE_LIMIT:
            known.clear()
            self.made[kind].clear()
        return known

    def _look_up(
        self, context: WriteContext, kind: str, column: str, wanted: list[str]
    ) -> list[str]:
        """Fill the cache; return what is not there, in the order asked for."""
        if not wanted:
            return []
        known = self._ids[kind]
        tables = context.tables
        known.update(
            tables.select(
                f"SELECT {column}, id FROM catalog_{kind} "  # noqa: S608 - our own names
                f"WHERE account_id = %s AND {column} {tables.in_list}",
                [context.account_id, tables.among(wanted)],
            )
        )
        return [name for name in wanted if name not in known]


def with_ancestors(paths: Iterable[str]) -> list[str]:
    """The paths with all the levels above them, each once."""
    found: dict[str, None] = {}
    for path in paths:
        levels = path.split("/")
        for depth in range(len(levels)):
            found["/".join(levels[: depth + 1])] = None
    return list(found)
