"""What the light table's page sends, checked before anything is done with it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Final

import orjson
from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST

from accounts.access import accounts_for
from accounts.models import Account, User
from bulk_uploads.admin.entered_text import is_storable, storable
from imagery.review.errors import ReviewError
from imagery.review.trail import Reviewer

PERMISSION: Final = "imagery.change_reviewticket"
_MOST_IDS: Final = 1_000


class BadCall(ValueError):
    """The page sent something that it never sends."""


@dataclass(frozen=True, slots=True)
class Call:
    """`account` is one that the person may review in."""

    account: Account
    person: User
    body: dict[str, Any]

    @property
    def reviewer(self) -> Reviewer:
        return Reviewer(user=self.person)

    def number(self, name: str) -> int:
        """A primary key. Raises BadCall."""
        value = self.body.get(name)
        if not _is_id(value):
            raise BadCall(f"{name} must be the number of something")
        return int(value)  # type: ignore[arg-type]

    def numbers(self, name: str) -> list[int]:
        """Raises BadCall."""
        value = self.body.get(name, [])
        if not isinstance(value, list) or len(value) > _MOST_IDS or not all(map(_is_id, value)):
            raise BadCall(f"{name} must be a list of numbers")
        return value

    def text(self, name: str, *, longest: int) -> str:
        """Raises BadCall."""
        value = self.body.get(name, "")
        if not isinstance(value, str) or len(value) > longest or not is_storable(value):
            raise BadCall(f"{name} must be text of at most {longest} characters")
        return value


Handler = Callable[[Any, HttpRequest, Call], HttpResponse]


def answers_call(handler: Handler) -> Callable[[Any, HttpRequest], HttpResponse]:
    """A view that takes a POST with a JSON object; refusals are answered in words.

    400 for what is malformed, 404 for what is not there or not theirs, 409 for a decision that
    came too late.
    """

    @wraps(handler)
    def view(self: Any, request: HttpRequest) -> HttpResponse:
        try:
            return handler(self, request, _call_of(request))
        except BadCall as error:
            return _refusal(400, "bad_call", str(error))
        except ObjectDoesNotExist:
            return _refusal(404, "not_found", "It is not there any more.")
        except ReviewError as error:
            return _refusal(409, error.code, str(error))

    return method_decorator(require_POST)(view)


def _call_of(request: HttpRequest) -> Call:
    person = request.user
    try:
        body = orjson.loads(request.body)
    except ValueError:
        raise BadCall("a JSON object is wanted") from None
    if not isinstance(body, dict) or not isinstance(person, User):
        raise BadCall("a JSON object is wanted")
    slug = body.get("account")
    if not isinstance(slug, str):
        raise BadCall("account must be the name of one")
    return Call(accounts_for(person, PERMISSION).get(slug=storable(slug)), person, body)


def _is_id(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**63


def _refusal(status: int, code: str, message: str) -> JsonResponse:
    return JsonResponse({"code": code, "message": message}, status=status)
