"""The account page: what the business is called, and the currency its prices are in."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from accounts.models import Account
from accounts.scoping import AccountScopedAdmin


@admin.register(Account)
class AccountAdmin(AccountScopedAdmin, ModelAdmin):
    account_path = "pk"
    list_display = ("name", "slug", "currency", "created_at")
    search_fields = ("name", "slug")
    readonly_fields = ("uuid", "created_at")
    fieldsets = (
        (None, {"fields": ("name", "slug", "currency")}),
        ("Technical details", {"classes": ("collapse",), "fields": ("uuid", "created_at")}),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """The slug stands in commands and addresses; those who run the site alone may change it."""
        fields = super().get_readonly_fields(request, obj)
        return fields if request.user.is_superuser else [*fields, "slug"]
