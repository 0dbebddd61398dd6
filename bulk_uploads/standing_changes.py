"""Of a log of changes: whether one of them is the newest of its object that still stands."""

from collections.abc import Sequence

_NEWEST_STANDING = """
({newest} = mine.id OR (
  EXISTS (SELECT 1 FROM {log} newest WHERE newest.id = {newest} AND newest.undo_of_id IS NOT NULL)
  AND NOT EXISTS (
    SELECT 1 FROM {log} later
    WHERE {of_later} AND later.id > mine.id AND (later.undo_of_id = mine.upload_id OR (
      later.undo_of_id IS NULL AND NOT EXISTS (
        SELECT 1 FROM {log} back
        WHERE {of_back} AND back.id > later.id AND back.undo_of_id = later.upload_id))))))"""


def is_newest_standing(log: str, *, newest: str, of: Sequence[str]) -> str:
    """SQL about the row `mine`, an upload's, of the table `log`, which holds `AuthoredChange`s.

    `newest` is the column of the object that names its last change, `of` are those of the log
    that say which object it is. An undo takes its upload's changes off again, so that uploads which
    are taken back in turn, the last one first, do not stand in each other's way; and what was taken
    back itself does not stand any more.
    """
    return _NEWEST_STANDING.format(
        log=log,
        newest=newest,
        of_later=" AND ".join(f"later.{name} = mine.{name}" for name in of),
        of_back=" AND ".join(f"back.{name} = mine.{name}" for name in of),
    )
