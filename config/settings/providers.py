"""Keys and addresses of image providers, and what outbound fetching may reach."""

from config.settings.environment import Environment, WrongValue, env


def base_url(name: str, default: str, source: Environment = env) -> str:
    url = source.url(name, schemes=("https", "http"), default=default)
    plain = url.parts.geturl().isascii() and url.parts.username is None
    if not (url.parts.hostname and plain) or url.parts.query or url.parts.fragment:
        raise WrongValue(name, "expected an address such as https://api.example.com/v1")
    return url.parts.geturl().rstrip("/")


def key(name: str, source: Environment = env) -> str:
    value = source.text(name)
    if not (value.isascii() and value.isprintable()) or " " in value:
        raise WrongValue(name, "expected a key, without spaces or line breaks")
    return value


def host_and_port(pair: str) -> tuple[str, int]:
    host, separator, port = pair.rpartition(":")
    if not (separator and host and port.isascii() and port.isdigit() and 0 < int(port) < 65_536):
        raise WrongValue("OUTBOUND_ALLOWED_HOSTS", f"expected host:port, got {pair!r}")
    return host.strip("[]").lower(), int(port)


CREATIVEAI_API_KEY = key("CREATIVEAI_API_KEY")
CREATIVEAI_BASE_URL = base_url("CREATIVEAI_BASE_URL", "https://api.creativeai.run/v1")
OPENAI_API_KEY = key("OPENAI_API_KEY")
OPENAI_BASE_URL = base_url("OPENAI_BASE_URL", "https://api.openai.com/v1")
PIXELAPI_KEY = key("PIXELAPI_KEY")
PIXELAPI_BASE_URL = base_url("PIXELAPI_BASE_URL", "https://api.pixelapi.dev/v1")
OUTBOUND_ALLOWED_HOSTS = frozenset(
    host_and_port(pair) for pair in env.names("OUTBOUND_ALLOWED_HOSTS")
)
GENERATED_MAX_BYTES = env.integer(
    "GENERATED_MAX_BYTES", default=64 * 1024**2, minimum=1024, maximum=1024**3
)
# Below what Pillow takes for a decompression bomb.
GENERATED_MAX_PIXELS = env.integer(
    "GENERATED_MAX_PIXELS", default=64_000_000, minimum=10_000, maximum=89_000_000
)
# Calls that one worker of the imagery queue has out at once, whatever the provider.
IMAGERY_THREADS = env.integer("IMAGERY_THREADS", default=16, minimum=1, maximum=128)
IMAGERY_LEASE_SECONDS = env.integer("IMAGERY_LEASE_SECONDS", default=60, minimum=2, maximum=600)
