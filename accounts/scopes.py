"""What an API token may be allowed to do."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import models


class Scope(models.TextChoices):
    READ = "read", "Read everything of the account"
    UPLOADS = "uploads", "Upload files and run imports"
    CATALOG = "catalog", "Change products and variants (reserved: the API cannot do this yet)"
    IMAGERY = "imagery", "Order images"
    REVIEW = "review", "Approve and reject images"


def validate_scopes(value: object) -> None:
    """Raise ValidationError unless `value` is a non-empty list of distinct known scopes."""
    if not isinstance(value, list) or not value:
        raise ValidationError("Choose at least one scope.", code="no_scope")
    unknown = [scope for scope in value if scope not in Scope.values]
    if unknown:
        raise ValidationError(
            "Unknown scope: %(unknown)s. Known scopes: %(known)s.",
            code="unknown_scope",
            params={"unknown": ", ".join(map(str, unknown)), "known": ", ".join(Scope.values)},
        )
    if len(set(value)) != len(value):
        raise ValidationError("A scope is listed twice.", code="repeated_scope")


def in_declared_order(scopes: Iterable[str]) -> list[str]:
    """The distinct scopes as they are stored: in the order of `Scope`, unknown ones last."""
    known = list(Scope.values)
    return sorted(
        dict.fromkeys(map(str, scopes)),
        key=lambda scope: known.index(scope) if scope in known else len(known),
    )
