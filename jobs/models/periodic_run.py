"""When a periodic function last ran, so that several dispatchers do not run it twice."""

from django.db import models


class PeriodicRun(models.Model):
    name = models.CharField(max_length=100, primary_key=True)
    ran_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
