"""Who may look at image jobs and images: a token that has any of the scopes that deal with them."""

from typing import Final

from django.http import HttpRequest

from accounts.models import ApiToken
from accounts.scopes import Scope
from platform_api.auth import BearerAuth
from platform_api.errors import Forbidden

_SCOPES: Final = (Scope.READ, Scope.IMAGERY, Scope.REVIEW)


class ImageryReaderAuth(BearerAuth):
    def __call__(self, request: HttpRequest) -> ApiToken:
        token = super().__call__(request)
        if not any(token.allows(scope) for scope in _SCOPES):
            raise Forbidden(
                "authorization", f"The token has none of the scopes {', '.join(_SCOPES)}"
            )
        return token


READING: Final = ImageryReaderAuth()
ORDERING: Final = BearerAuth(Scope.IMAGERY)
