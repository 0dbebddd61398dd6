"""The columns of a foreign file, found by any of their names, and which of them are of use."""

from collections.abc import Callable, Sequence

from catalog.file_format.columns import squeeze

Cell = Callable[[Sequence[str]], str]


def _plain(name: str) -> str:
    """A column's name without what versions of one system vary: `g:image_link`, `Image Link`."""
    return squeeze(name).replace("_", "").removeprefix("g:")


def _nothing(cells: Sequence[str]) -> str:
    return ""


class FileColumns:
    """Remembers what was asked for: the rest of the file's columns is left out."""

    def __init__(self, header: Sequence[str]) -> None:
        self.header = [name.strip() for name in header]
        self._places: dict[str, int] = {}
        for place, name in enumerate(self.header):
            self._places.setdefault(_plain(name), place)
        self._used: set[int] = set()

    def has(self, *names: str) -> bool:
        """Whether all of them are there."""
        return all(_plain(name) in self._places for name in names)

    def name_of(self, *names: str) -> str:
        """The first of these names that the file has, as it writes it; "" where it has none."""
        place = self._place(names)
        return "" if place is None else self.header[place]

    def cell(self, *names: str) -> Cell:
        """Takes the cell of the first of these columns that there is out of a row's cells."""
        place = self._place(names)
        if place is None:
            return _nothing
        self._used.add(place)
        return lambda cells: cells[place].strip()

    def matching(self, test: Callable[[str], bool]) -> list[tuple[str, Cell]]:
        """The columns not yet asked for whose name passes, in the order of the file."""
        found = [
            place
            for place, name in enumerate(self.header)
            if place not in self._used and name and test(name)
        ]
        self._used.update(found)
        return [(self.header[place], self._taking(place)) for place in found]

    def left_out(self) -> list[str]:
        return [name for place, name in enumerate(self.header) if place not in self._used and name]

    def _place(self, names: Sequence[str]) -> int | None:
        found = (self._places.get(_plain(name)) for name in names if name)
        return next((place for place in found if place is not None), None)

    def _taking(self, place: int) -> Cell:
        return lambda cells: cells[place].strip()
