"""The task queue: a doorbell only, the job rows are the truth."""

from typing import Any
from urllib.parse import unquote

from config.settings.environment import Url, WrongValue, env, only_options
from config.settings.packages import require_package

TASK_TIMEOUT = 300
# A task that was handed over but not yet started is delivered again after `retry`: it must
# exceed the longest wait in front of a worker, or tasks run twice.
TASK_RETRY = 3 * TASK_TIMEOUT + 60


def chosen_broker() -> dict[str, Any]:
    url = env.url("BROKER_URL", schemes=("orm", "redis", "rediss", "sqs"), default="orm://")
    if url.scheme == "sqs":
        return sqs_broker(url)
    only_options("BROKER_URL", url, frozenset())
    if url.scheme == "orm":
        return {"orm": "default"}
    require_package("BROKER_URL", "redis")
    return {"redis": url.parts.geturl()}


def sqs_broker(url: Url) -> dict[str, Any]:
    """`sqs://key:secret@region`; without key and secret, the machine's own identity."""
    require_package("BROKER_URL", "boto3")
    only_options("BROKER_URL", url, frozenset())
    if not url.parts.hostname:
        raise WrongValue("BROKER_URL", "names no region: sqs://key:secret@region")
    return {
        "sqs": {
            "aws_region": url.parts.hostname,
            "aws_access_key_id": unquote(url.parts.username or "") or None,
            "aws_secret_access_key": unquote(url.parts.password or "") or None,
        }
    }


Q_CLUSTER: dict[str, Any] = {
    **chosen_broker(),
    # The name is a signing salt: it is the same for every cluster of this application.
    "name": "catalog",
    "cluster_name": "imports",
    "label": "Task queue",
    "workers": env.integer("IMPORT_WORKERS", default=2, minimum=1, maximum=64),
    "queue_limit": 1,
    "bulk": 1,
    "timeout": TASK_TIMEOUT,
    "retry": TASK_RETRY,
    "ack_failures": True,
    "max_attempts": 1,
    "poll": 1,
    "guard_cycle": 0.5,
    "save_limit": 100,
    "recycle": 100,
    "catch_up": False,
    # Periodic work belongs to the dispatcher, which one malformed row cannot block.
    "scheduler": False,
    "cache": "local",
    "ALT_CLUSTERS": {
        "imagery": {
            "workers": env.integer("IMAGERY_WORKERS", default=2, minimum=1, maximum=64),
        },
    },
}

# Which cluster answers the bell of which kind of job (`LeasedJob.queue`).
JOB_QUEUES = {"imports": "imports", "default": "imports", "imagery": "imagery"}
DISPATCHER_POLL_SECONDS = env.integer("DISPATCHER_POLL_SECONDS", default=1, minimum=1, maximum=60)
READY_MAX_JOB_AGE = env.integer("READY_MAX_JOB_AGE", default=900, minimum=10, maximum=86_400)
