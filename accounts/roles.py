"""The roles a member can have in an account, and what each may do: one table, nowhere else.

Permissions are Django's model permissions, "app_label.codename". Rooms above are named by text
alone, so this room imports none of them.
"""

from typing import Final

from django.db import models


class Role(models.TextChoices):
    MERCHANDISER = "merchandiser", "Merchandiser"
    REVIEWER = "reviewer", "Reviewer"
    MANAGER = "manager", "Manager"


def _may(actions: str, app_label: str, models_named: str) -> frozenset[str]:
    """Every combination of the space-separated `actions` and model names."""
    return frozenset(
        f"{app_label}.{action}_{model}"
        for action in actions.split()
        for model in models_named.split()
    )


_CATALOG = (
    "product variant producttag productcollection category tag collection "
    "mediaasset medialink attributedefinition propertysetdefinition tableentrydefinition "
    "location stocklevel"
)

_SEE_CATALOG = _may("view", "catalog", f"{_CATALOG} change stockmovement mediafile mediafetching")
_EDIT_CATALOG = _SEE_CATALOG | _may("add change", "catalog", _CATALOG)
_SEE_DELIVERY = _may("view", "delivery", "serviceablepincode pincodechange")
_SEE_UPLOADS = _may(
    "view", "bulk_uploads", "bulkupload uploadedfile rowissue rowresult savedmapping"
)
_UPLOAD = (
    _SEE_UPLOADS
    | _may("add change", "bulk_uploads", "bulkupload")
    | _may("add", "bulk_uploads", "uploadedfile")
    | _may("add change delete", "bulk_uploads", "savedmapping")
)
_SEE_IMAGERY = _may(
    "view",
    "imagery",
    "generatedimage skuimagery missingimage recipe imagejob imagebatch imagerysettings "
    "imagesetrule",
)
_REVIEW = (
    _SEE_IMAGERY
    | _may("view change", "imagery", "reviewticket")
    | _may("view", "imagery", "reviewdecision")
    | _may("view", "imagery", "channelprofile")
)
_REQUEST_IMAGES = _SEE_IMAGERY | _may("add change", "imagery", "imagejob imagebatch")
# What a call of unknown outcome did cost is for who answers for the money.
_RUN_IMAGERY = (
    _REQUEST_IMAGES
    | _may("add change", "imagery", "recipe")
    | _may("change", "imagery", "imagerysettings imagesetrule providercall")
    | _may("view change", "imagery", "budget providerstate")
    | _may("view add change", "imagery", "pricerow")
    | _may("view", "imagery", "moneyentry")
    | _may("add change delete", "imagery", "channelprofile")
)
_RUN_ACCOUNT = (
    _may("view change", "accounts", "account")
    | _may("view add change delete", "accounts", "membership")
    # Revoked, never deleted: what a program did keeps its name.
    | _may("view add change", "accounts", "apitoken")
    | _may("view add change", "imagery", "hookendpoint")
)

ROLE_PERMISSIONS: Final[dict[Role, frozenset[str]]] = {
    Role.MERCHANDISER: _UPLOAD | _EDIT_CATALOG | _SEE_DELIVERY | _REQUEST_IMAGES,
    Role.REVIEWER: _SEE_CATALOG | _REVIEW,
    Role.MANAGER: (
        _UPLOAD
        | _EDIT_CATALOG
        | _may("delete", "catalog", _CATALOG)
        | _may("change", "catalog", "mediafetching")
        | _may("delete", "bulk_uploads", "bulkupload uploadedfile")
        | _SEE_DELIVERY
        | _REVIEW
        | _RUN_IMAGERY
        | _RUN_ACCOUNT
    ),
}


def roles_with(*permissions: str) -> frozenset[Role]:
    """The roles that give at least one of `permissions`."""
    return frozenset(
        role for role, given in ROLE_PERMISSIONS.items() if not given.isdisjoint(permissions)
    )
