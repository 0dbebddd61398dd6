"""The web server's configuration (`gunicorn --config python:config.gunicorn config.wsgi`)."""

import os

from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

# Read here, in the parent, so that a wrong setting ends the start instead of every worker.
_host = f"[{settings.BIND}]" if ":" in settings.BIND else settings.BIND
bind = [f"{_host}:{settings.PORT}"]
workers = settings.WEB_WORKERS
threads = settings.WEB_THREADS
worker_class = "gthread"
# Uploads of many megabytes arrive over slow lines.
timeout = 120
graceful_timeout = 10
keepalive = 5
# Workers renew themselves now and then, not all at once.
max_requests = 5_000
max_requests_jitter = 500
# The heartbeat file must not wait for a disk.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108
control_socket_disable = True
