"""The members page: who works in an account, in which role."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextInputWidget

from accounts.models import Membership, User
from accounts.scoping import AccountScopedAdmin

if TYPE_CHECKING:
    _ModelForm = forms.ModelForm[Membership]
else:
    _ModelForm = forms.ModelForm


class NewMemberForm(_ModelForm):
    """Asks for the person by name: a list to choose from would show who works elsewhere."""

    username = forms.CharField(
        widget=UnfoldAdminTextInputWidget(),
        help_text="The name the person signs in with. An administrator makes new sign-ins.",
    )

    class Meta:
        model = Membership
        fields = ("account", "role")

    def clean_username(self) -> str:
        username: str = self.cleaned_data["username"]
        # The admin lets nobody in who is not staff.
        user = User.objects.filter(username=username, is_active=True, is_staff=True).first()
        if user is None:
            raise forms.ValidationError("Nobody signs in with this name. Ask an administrator.")
        # Set before the instance is checked, so that "already a member" is said on this form.
        self.instance.user = user
        return username

    def _get_validation_exclusions(self) -> set[str]:
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return excluded - {"user"} if self.instance.user_id is not None else excluded


@admin.register(Membership)
class MembershipAdmin(AccountScopedAdmin, ModelAdmin):
    list_display = ("user", "full_name", "role_badge", "account")
    list_display_links = ("user",)
    list_filter = ("role", "account")
    search_fields = ("user__username", "user__first_name", "user__last_name", "user__email")
    readonly_fields = ("person",)
    fields = ("account", "person", "role")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        # A member is named by the person, so the person comes along on every page.
        return super().get_queryset(request).select_related("account", "user")

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm[Any]]:
        if obj is None:
            kwargs["form"] = NewMemberForm
        return super().get_form(request, obj, change, **kwargs)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields if obj is not None else ("account", "username", "role")

    @display(description="User")
    def person(self, member: Membership) -> User:
        """Without a link: whoever manages an account may not open the pages of people."""
        return member.user

    @display(description="Name", ordering="user__last_name")
    def full_name(self, member: Membership) -> str:
        return member.user.get_full_name()

    @display(description="Role", ordering="role", label=True)
    def role_badge(self, member: Membership) -> str:
        return str(member.get_role_display())
