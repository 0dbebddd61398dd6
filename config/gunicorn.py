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
# No `max_requests`: a worker that renews itself cuts off what takes longer than `graceful_timeout`,
# as the download of a large export does. `timeout` is not about requests: worker threads may take
# as long as they like, as long as the worker's main thread is alive.
# The heartbeat file must not wait for a disk.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108
control_socket_disable = True
