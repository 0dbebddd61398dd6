"""Bearer authentication: which token a request shows, and whether its scopes suffice (RFC 6750)."""

from django.http import HttpRequest
from ninja.security.base import AuthBase

from accounts.models import ApiToken
from accounts.scopes import Scope
from accounts.tokens import find_token, note_use
from platform_api.errors import ApiError, Unauthorized
from platform_api.rate import count_request

SCHEME = "bearer"


class BearerAuth(AuthBase):
    """`auth=BearerAuth(Scope.READ)` on a route: `request.auth` becomes the ApiToken.

    Raises Unauthorized (401) without a usable token, TooManyRequests (429) over the rate limit,
    and a 403 that names the missing scopes.
    """

    openapi_type = "http"
    openapi_scheme = SCHEME

    def __init__(self, *scopes: Scope) -> None:
        super().__init__()
        self.scopes = scopes

    def __call__(self, request: HttpRequest) -> ApiToken:
        token = token_from_request(request)
        if token is None:
            raise _no_token(request)
        count_request(token.pk)
        if not token.allows(*self.scopes):
            raise _missing_scopes([scope for scope in self.scopes if not token.allows(scope)])
        note_use(token)
        return token


def token_of(request: HttpRequest) -> ApiToken:
    """The token that opened the route, with its account."""
    token: ApiToken = request.auth  # type: ignore[attr-defined]
    return token


def token_from_request(request: HttpRequest) -> ApiToken | None:
    """The usable token in the Authorization header, with its account; None without one."""
    raw = _shown_token(request)
    return find_token(raw) if raw else None


def _shown_token(request: HttpRequest) -> str:
    scheme, _, raw = request.headers.get("Authorization", "").partition(" ")
    return raw.strip() if scheme.lower() == SCHEME else ""


def _no_token(request: HttpRequest) -> Unauthorized:
    if _shown_token(request):
        return Unauthorized("The token is unknown, expired or revoked", problem="invalid_token")
    return Unauthorized("Send a token: Authorization: Bearer <token>")


def _missing_scopes(missing: list[Scope]) -> ApiError:
    names = " ".join(missing)
    return ApiError(
        403,
        "authorization",
        f"The token lacks the scope {names}",
        headers={"WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{names}"'},
    )
