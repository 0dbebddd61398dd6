"""Who may look at uploads: a token that may read everything, or one that may upload."""

from typing import Final

from django.http import HttpRequest

from accounts.models import ApiToken
from accounts.scopes import Scope
from platform_api.auth import BearerAuth
from platform_api.errors import Forbidden

READING_SCOPES: Final = (Scope.READ, Scope.UPLOADS)


class UploadReaderAuth(BearerAuth):
    """Whoever may upload may see what became of it, without the scope to read all the rest."""

    def __call__(self, request: HttpRequest) -> ApiToken:
        token = super().__call__(request)
        if not any(token.allows(scope) for scope in READING_SCOPES):
            either = " nor ".join(READING_SCOPES)
            raise Forbidden("authorization", f"The token has neither the scope {either}")
        return token
