"""What else would follow from removing variants: rooms above say so in an undo's forecast."""

from collections.abc import Callable, Sequence

#: Takes the account's id, the ids of the variants that would be removed, and whether there are
#: more; returns a sentence, "" where nothing follows. May be given very many.
Remark = Callable[[int, Sequence[int], bool], str]

_remarks: list[Remark] = []


def register(remark: Remark) -> None:
    """Rooms call it as they get ready."""
    if remark not in _remarks:
        _remarks.append(remark)


def remarks_on(account_id: int, variant_ids: Sequence[int], *, is_part: bool) -> list[str]:
    """In the order they were registered."""
    if not variant_ids:
        return []
    said = [remark(account_id, variant_ids, is_part) for remark in _remarks]
    return [sentence for sentence in said if sentence]
