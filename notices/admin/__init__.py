"""The notices' page in the admin, and the bell that leads to it."""

from notices.admin import notice  # noqa: F401 - importing it registers the page
