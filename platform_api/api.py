"""Makes the API object: the document it describes itself by, its parser, how its errors look."""

from ninja import NinjaAPI
from ninja.openapi.docs import Swagger

from platform_api.parser import BodyParser
from platform_api.refusals import add_exception_handlers

TITLE = "Catalog platform API"
DESCRIPTION = (
    "Every answer is an envelope: `status` is `success` with `data` (and `meta` for lists), or "
    "`failure` with one entry for each attribute at fault. Send a token as "
    "`Authorization: Bearer <token>`; a POST may carry an `Idempotency-Key`."
)


def create_api(
    *, title: str = TITLE, description: str = DESCRIPTION, namespace: str = "platform_api"
) -> NinjaAPI:
    """An API without routes; the assembly adds each room's router. `namespace` names its URLs.

    Its OpenAPI 3.1 document is at `openapi.json`, a page to read and try it at `docs`.
    """
    api = NinjaAPI(
        title=title,
        version="1",
        description=description,
        urls_namespace=namespace,
        docs=Swagger(settings={"persistAuthorization": True}),
        parser=BodyParser(),
    )
    add_exception_handlers(api)
    return api
