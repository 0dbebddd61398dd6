"""The admin pages of delivery, and where they show what a pincode file's rows became."""

from bulk_uploads.admin import object_pages
from delivery.admin.serviceable_pincode import ServiceablePincodeAdmin
from delivery.importing.processor import BLUEDART_PROCESSOR

object_pages.register(
    BLUEDART_PROCESSOR,
    object_pages.ObjectPages(
        noun="pincodes",
        change="admin:delivery_serviceablepincode_change",
        changelist="admin:delivery_serviceablepincode_changelist",
    ),
)

__all__ = ["ServiceablePincodeAdmin"]
