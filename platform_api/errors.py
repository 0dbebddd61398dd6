"""The errors a handler raises to refuse a request; each becomes a failure envelope."""

from collections.abc import Iterable, Mapping

from django.http import HttpResponse

from platform_api.envelope import Fault, failure


class ApiError(Exception):
    """Root of this room's errors. `attribute_name` is the field, header or part at fault."""

    def __init__(
        self,
        status: int,
        attribute_name: str,
        *messages: str,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(status, attribute_name, *messages)
        self.status = status
        self.faults: list[Fault] = [Fault(attribute_name, messages)]
        self.headers = dict(headers or {})

    def response(self) -> HttpResponse:
        response = failure(self.faults, status=self.status)
        for name, value in self.headers.items():
            response.headers[name] = value
        return response


class BadRequest(ApiError):
    def __init__(self, attribute_name: str, *messages: str) -> None:
        super().__init__(400, attribute_name, *messages)


class Unauthorized(ApiError):
    """`problem` is RFC 6750's error code; empty where no token was shown at all."""

    def __init__(self, message: str, *, problem: str = "") -> None:
        challenge = f'Bearer error="{problem}"' if problem else "Bearer"
        headers = {"WWW-Authenticate": challenge}
        super().__init__(401, "authorization", message, headers=headers)


class Forbidden(ApiError):
    def __init__(self, attribute_name: str, *messages: str) -> None:
        super().__init__(403, attribute_name, *messages)


class NotFound(ApiError):
    def __init__(self, attribute_name: str = "id", *messages: str) -> None:
        super().__init__(404, attribute_name, *(messages or ("Not found",)))


class Conflict(ApiError):
    def __init__(self, attribute_name: str, *messages: str) -> None:
        super().__init__(409, attribute_name, *messages)


class TooLarge(ApiError):
    def __init__(self, attribute_name: str, *messages: str) -> None:
        super().__init__(413, attribute_name, *messages)


class UnsupportedMediaType(ApiError):
    def __init__(self, *messages: str) -> None:
        super().__init__(415, "content_type", *messages)


class Unprocessable(ApiError):
    def __init__(self, attribute_name: str, *messages: str) -> None:
        super().__init__(422, attribute_name, *messages)

    @classmethod
    def of(cls, faults: Iterable[Fault]) -> "Unprocessable":
        """One refusal for several attributes; `faults` must not be empty."""
        first, *rest = faults
        error = cls(first.attribute_name, *first.messages)
        error.faults += rest
        return error


class TooManyRequests(ApiError):
    """`retry_after` in whole seconds."""

    def __init__(self, *, retry_after: int) -> None:
        message = f"Too many requests. Try again in {retry_after} s."
        super().__init__(429, "authorization", message, headers={"Retry-After": str(retry_after)})
