"""What the application is made of: rooms, middleware, templates, languages, the web server."""

from config.settings.environment import WrongValue, env
from config.settings.paths import BASE_DIR


def origin(name: str, default: str, shown_default: str) -> str:
    """Scheme, host and port, without a slash behind them."""
    parts = env.url(
        name, schemes=("https", "http"), default=default, shown_default=shown_default
    ).parts
    if not parts.hostname or parts.username or parts.query or parts.fragment or parts.path[1:]:
        raise WrongValue(name, "expected an address such as https://catalog.example.com")
    return f"{parts.scheme}://{parts.netloc}"


INSTALLED_APPS = [
    "unfold.apps.BasicAppConfig",
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "accounts.admin_config.AccountAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    # Before staticfiles, so that the development server serves as production does.
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_q",
    "ninja",
    "accounts",
    "jobs",
    "platform_api",
    "notices",
    "bulk_uploads",
    "catalog",
    "delivery",
    "imagery",
    "config",
]
MIDDLEWARE = [
    # Outermost, so that below /api/ whatever refuses a request does so in the envelope.
    "platform_api.middleware.EnvelopeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "config.content_security.ContentSecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
# The API's paths have no trailing slash, and a redirect would drop a POST's body.
APPEND_SLASH = True

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True
# Dates of pages that are Django's own read as on ours.
FORMAT_MODULE_PATH = "config.formats"

PORT = env.integer("PORT", default=8000, minimum=1, maximum=65_535)
# Where no request tells it, as in mail.
PUBLIC_URL = origin("PUBLIC_URL", f"http://localhost:{PORT}", "http://localhost and PORT")
BIND = env.text("BIND", default="127.0.0.1")
WEB_WORKERS = env.integer("WEB_WORKERS", default=2, minimum=1, maximum=64)
WEB_THREADS = env.integer("WEB_THREADS", default=4, minimum=1, maximum=64)
