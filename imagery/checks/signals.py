"""What others are told of checks, in the transaction that writes them down."""

from typing import Final

from django.dispatch import Signal

#: Images were measured and judged by every channel in force. Receives `images`, of one account.
images_checked: Final = Signal()
