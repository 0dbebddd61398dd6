"""Outgoing mail, from EMAIL_URL: written to the log unless a server is named."""

from urllib.parse import unquote

from config.settings.environment import WrongValue, env, only_options

_url = env.url("EMAIL_URL", schemes=("console", "smtp", "smtps", "smtp+tls"), default="console://")
only_options("EMAIL_URL", _url, frozenset())
if _url.scheme == "console":
    EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
else:
    if not _url.parts.hostname:
        raise WrongValue("EMAIL_URL", "names no server: smtp+tls://user:password@host:587")
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST = _url.parts.hostname
    EMAIL_PORT = _url.parts.port or (465 if _url.scheme == "smtps" else 587)
    EMAIL_HOST_USER = unquote(_url.parts.username or "")
    EMAIL_HOST_PASSWORD = unquote(_url.parts.password or "")
    EMAIL_USE_SSL = _url.scheme == "smtps"
    EMAIL_USE_TLS = _url.scheme == "smtp+tls"
    EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.text("EMAIL_FROM", default="catalog@localhost")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
