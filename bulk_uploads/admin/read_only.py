"""Pages that show what the application itself keeps: nobody makes, changes or removes a row."""

from typing import Any

from django.http import HttpRequest


class ReadOnly:
    """Mixed into an admin, in front of what it builds on."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
