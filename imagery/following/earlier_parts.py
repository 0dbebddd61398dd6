"""The earlier parts of a file that was cut short, and whose rest a retry has brought to its end."""

from django.db.models import Q

from bulk_uploads.models import BulkUpload, Relation, Status


def earlier_parts(upload: BulkUpload) -> list[int]:
    """The uploads that were cut short before this retry, the last one first; one query.

    Their rows have the numbers that they would have in the retry, and none is in two of them. What
    is or was taken back is left out, and whatever came before an upload that succeeded.
    """
    if upload.relation != Relation.RETRY or upload.status != Status.SUCCESS:
        return []
    line = BulkUpload.objects.filter(Q(pk=upload.root_id) | Q(root_id=upload.root_id))
    fields = line.values_list("pk", "parent_id", "relation", "status", "undo")
    before = {pk: (parent, relation, status, undo) for pk, parent, relation, status, undo in fields}
    parts: list[int] = []
    relation, part = upload.relation, upload.parent_id
    while relation == Relation.RETRY and part in before:
        parent_id, relation, status, undo = before[part]
        if status == Status.SUCCESS:
            break
        if undo is None:
            parts.append(part)
        part = parent_id
    return parts
