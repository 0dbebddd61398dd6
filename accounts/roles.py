"""The roles a member can have in an account, and what each may do: one table, nowhere else."""

from django.db import models


class Role(models.TextChoices):
    MERCHANDISER = "merchandiser", "Merchandiser"
    REVIEWER = "reviewer", "Reviewer"
    MANAGER = "manager", "Manager"
