"""Every kind of job there is, found through Django's app registry."""

from django.apps import apps

from jobs.models import LeasedJob


def job_models() -> list[type[LeasedJob]]:
    """The concrete job models of all rooms."""
    return [model for model in apps.get_models() if issubclass(model, LeasedJob)]
