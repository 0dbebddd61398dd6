"""The people page: who can sign in. Only superusers manage people; no role gives it."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.http import HttpRequest
from unfold.admin import ModelAdmin, TabularInline
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from accounts.models import Membership, User
from accounts.scoping import AccountScopedInline

if TYPE_CHECKING:
    _DjangoUserAdmin = DjangoUserAdmin[User]
else:
    _DjangoUserAdmin = DjangoUserAdmin

# What people may do follows from their roles; Django's groups are not consulted.
admin.site.unregister(Group)


class MembershipInline(AccountScopedInline, TabularInline):
    model = Membership
    fields = ("account", "role")
    extra = 0
    tab = True


@admin.register(User)
class UserAdmin(_DjangoUserAdmin, ModelAdmin):
    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    inlines = (MembershipInline,)
    list_display = ("username", "first_name", "last_name", "email", "is_active", "is_superuser")
    list_filter = ("is_active", "is_superuser", "is_staff")
    filter_horizontal = ()
    readonly_fields = ("last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("Person", {"fields": ("first_name", "last_name", "email")}),
        ("May sign in", {"fields": ("is_active", "is_staff", "is_superuser")}),
        ("Dates", {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = ((None, {"fields": ("username", "password1", "password2", "is_staff")}),)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Who is added is meant to sign in, which takes being staff."""
        return {"is_staff": True, **super().get_changeform_initial_data(request)}
