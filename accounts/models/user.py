"""A person who signs in to the admin."""

from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    """Django's user; what it may see comes from its memberships."""
