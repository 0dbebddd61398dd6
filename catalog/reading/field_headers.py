"""What the fields of the change log are called by programs: as the API's documents name them, and
what is structured by the column header that a file would have for it."""

from dataclasses import dataclass

from catalog.reading.definitions import load_definitions

#: The padded form of the EAN, and the id behind the product's key: both are named already.
_UNNAMED = frozenset({"gtin", "product_id"})


@dataclass(frozen=True, slots=True)
class FieldHeaders:
    """Headers of definitions by the log's name for the field."""

    headers: dict[str, str]

    @classmethod
    def load(cls, *, account_id: int) -> "FieldHeaders":
        """Three queries."""
        definitions = load_definitions(account_id=account_id)
        headers = {f"attributes.{info.id}": info.header for info in definitions.attributes}
        sets = definitions.property_sets
        if definitions.media_paths is not None:
            sets += (definitions.media_paths,)
        for info in sets:
            headers[f"property_sets.{info.id}"] = headers[f"media.{info.id}"] = info.header
            for entry in info.entries:
                headers[f"property_sets.{info.id}.{entry.id}"] = entry.header
        return cls(headers)

    def of(self, field: str) -> str:
        """ "" for a field that is not shown."""
        return "" if field in _UNNAMED else self.headers.get(field, field)
