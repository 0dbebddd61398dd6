"""Who may reach the application, how, and the secret it signs with."""

import secrets
from pathlib import Path

from config.secret_files import read_or_make
from config.settings.environment import WrongValue, env
from config.settings.paths import DATA_DIR

LOOPBACK_HOSTS = ("localhost", "127.0.0.1", "[::1]")
SHORTEST_SECRET = 32
DAY = 86_400


def chosen_secret() -> str:
    given = env.text("SECRET_KEY", shown_default="generated in DATA_DIR")
    if given and len(given) < SHORTEST_SECRET:
        raise WrongValue("SECRET_KEY", f"must have at least {SHORTEST_SECRET} characters")
    return given or kept_secret(DATA_DIR / "secret_key")


def kept_secret(path: Path) -> str:
    try:
        return read_or_make(path, lambda: secrets.token_urlsafe(48))
    except OSError as error:
        raise WrongValue("SECRET_KEY", f"cannot keep one in {path}: {error.strerror}") from error


def checked_origins(origins: list[str]) -> list[str]:
    for origin in origins:
        if not origin.startswith(("https://", "http://")):
            raise WrongValue(
                "CSRF_TRUSTED_ORIGINS", f"{origin!r} must start with https:// or http://"
            )
    return origins


DEBUG = env.boolean("DEBUG", default=False)
SECRET_KEY = chosen_secret()
ALLOWED_HOSTS = env.names("ALLOWED_HOSTS", default=LOOPBACK_HOSTS)
CSRF_TRUSTED_ORIGINS = checked_origins(env.names("CSRF_TRUSTED_ORIGINS"))

# Plain HTTP is for the loop-back interface: naming any other host turns HTTPS rules on.
SECURE = env.boolean(
    "SECURE",
    default=not set(ALLOWED_HOSTS) <= set(LOOPBACK_HOSTS),
    shown_default="true unless every allowed host is this machine",
)
SESSION_COOKIE_SECURE = SECURE
CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = True
SECURE_HSTS_SECONDS = 30 * DAY if SECURE else 0
SECURE_SSL_REDIRECT = SECURE
# Health probes come from inside, without TLS.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
if env.boolean("BEHIND_TLS_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
METRICS_TOKEN = env.text("METRICS_TOKEN")

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.RoleBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "admin:login"
