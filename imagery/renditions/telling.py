"""Telling people of an approved image that cannot be shown: nothing else would, but a 404."""

from django.db.models import Q

from accounts.models import User
from accounts.roles import Role
from imagery.models import GeneratedImage
from notices.models import Tone
from notices.posting import Message, post


def tell_of_failure(image: GeneratedImage, *, reason: str) -> None:
    """Once each, the account's managers and who approved it."""
    managers = Q(memberships__account_id=image.account_id, memberships__role=Role.MANAGER)
    people = User.objects.filter(managers | Q(pk=image.decided_by_id), is_active=True)
    for person in people.distinct():
        post(
            user=person,
            account=image.account,
            about=f"imagery.rendition:{image.pk}:{image.sha256[:16]}",
            message=_message(image, reason),
            by_mail=False,
        )


def _message(image: GeneratedImage, reason: str) -> Message:
    return Message(
        tone=Tone.BAD,
        title=f"The approved image of {image.sku or image.product_key} cannot be shown",
        text=reason,
        facts=(("Role", image.get_role_display()),),
        next_step="Reject it, and have it made again.",
    )
