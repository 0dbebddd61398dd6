"""Logging: one line per event on standard error, quiet unless something matters."""

from typing import Any

from config.settings.environment import env

LOG_LEVEL = env.choice(
    "LOG_LEVEL", choices=("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"), default="INFO"
)
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"},
    },
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "line"},
    },
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.server": {"handlers": [], "level": "INFO", "propagate": True},
        # Refused requests are answers, not events; only server errors are worth a line.
        "django.request": {"level": "ERROR"},
        "django.security.DisallowedHost": {"level": "ERROR"},
        # One line per task otherwise, and the job rows already say what happened. Its own
        # handler keeps django-q from installing another one.
        "django-q": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "botocore": {"level": "WARNING"},
        "urllib3": {"level": "WARNING"},
        "PIL": {"level": "WARNING"},
    },
}
