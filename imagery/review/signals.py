"""What others are told of decisions, in the transaction that makes them."""

from typing import Final

from django.dispatch import Signal

#: An image became the current one of its SKU and role. Receives `image`.
image_approved: Final = Signal()
#: An image is not the current one any more. Receives `image`.
approval_withdrawn: Final = Signal()
#: An image was rejected. Receives `image` and `decision`, the entry of the audit trail.
image_rejected: Final = Signal()
