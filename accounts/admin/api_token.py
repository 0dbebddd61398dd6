"""The API tokens page: issue one (its secret is shown once), see its use, revoke it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import flatten_fieldsets
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from unfold.admin import ModelAdmin
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from accounts.models import ApiToken, TokenState, User
from accounts.scopes import Scope, in_declared_order
from accounts.scoping import AccountScopedAdmin
from accounts.tokens import revoke_token, seal

STATE_COLOURS = {
    TokenState.ACTIVE.label: "success",
    TokenState.EXPIRED.label: "warning",
    TokenState.REVOKED.label: "danger",
}


if TYPE_CHECKING:
    _ModelForm = forms.ModelForm[ApiToken]
else:
    _ModelForm = forms.ModelForm


class NewTokenForm(_ModelForm):
    scopes = forms.MultipleChoiceField(
        choices=Scope.choices,
        initial=[Scope.READ],
        widget=UnfoldAdminCheckboxSelectMultipleWidget(),
    )

    class Meta:
        model = ApiToken
        fields = ("account", "name", "scopes", "expires_at")

    def clean_scopes(self) -> list[str]:
        return in_declared_order(self.cleaned_data["scopes"])

    def clean_expires_at(self) -> datetime | None:
        """A secret that is shown once must open something."""
        moment: datetime | None = self.cleaned_data["expires_at"]
        if moment is not None and moment <= timezone.now():
            raise forms.ValidationError("This is past already. Choose a later moment, or none.")
        return moment


@admin.register(ApiToken)
class ApiTokenAdmin(AccountScopedAdmin, ModelAdmin):
    empty_text = "No token yet. With one, a program reads this account or uploads to it by the API."
    list_display = (
        "name",
        "prefix",
        "scope_names",
        "state_badge",
        "last_used_at",
        "expires_at",
        "account",
    )
    list_filter = ("account",)
    list_select_related = ("account",)
    search_fields = ("name", "prefix")
    actions_detail = ("revoke",)
    fieldsets = (
        (None, {"fields": ("account", "name", "prefix", "scope_names", "state_badge")}),
        ("Use", {"fields": ("last_used_at", "expires_at", "revoked_at")}),
        ("Origin", {"fields": ("issuer", "created_at")}),
    )
    add_fieldsets = ((None, {"fields": ("account", "name", "scopes", "expires_at")}),)

    @display(description="Scopes")
    def scope_names(self, token: ApiToken) -> str:
        return ", ".join(token.scopes)

    @display(description="Created by")
    def issuer(self, token: ApiToken) -> User | None:
        """Without a link: whoever manages an account may not open the pages of people."""
        return token.created_by

    @display(description="State", label=STATE_COLOURS)
    def state_badge(self, token: ApiToken) -> str:
        return str(token.state(at=timezone.now()).label)

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm[Any]]:
        if obj is None:
            kwargs["form"] = NewTokenForm
        return super().get_form(request, obj, change, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """An issued token keeps what it may do; only its name is for people, and may change."""
        if obj is None:
            return []
        shown: list[Any] = flatten_fieldsets(self.fieldsets)
        return [name for name in shown if name != "name"]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            obj.created_by = request.user
            # Lives as long as this request: `response_add` shows it, nothing keeps it.
            obj.secret = seal(obj)
        super().save_model(request, obj, form, change)

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        response = self._page(request, "issued_token", obj, "Copy the new token", secret=obj.secret)
        response["Cache-Control"] = "no-store"
        return response

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A token is revoked: uploads and changes go on saying whose they are."""
        return False

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        revocable = self.get_queryset(request).filter(pk=object_id, revoked_at=None).exists()
        return super().get_actions_detail(request, object_id) if revocable else []

    @action(description="Revoke", permissions=["change"], icon="block")
    def revoke(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """GET asks, POST revokes."""
        token = self.get_object(request, object_id)
        if token is None or not self.has_change_permission(request, token):
            raise PermissionDenied
        if request.method != "POST":
            return self._page(request, "revoke_token", token, f"Revoke {token.name}?")
        if revoke_token(token):
            self.log_change(request, token, "Revoked.")
            self.message_user(request, f"{token.name} is revoked.", messages.SUCCESS)
        else:
            self.message_user(request, f"{token.name} had been revoked before.", messages.INFO)
        return HttpResponseRedirect(self._url("change", token.pk))

    def _page(
        self, request: HttpRequest, template: str, token: ApiToken, title: str, **extra: Any
    ) -> TemplateResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": title,
            "token": token,
            "list_url": self._url("changelist"),
            "token_url": self._url("change", token.pk),
            **extra,
        }
        return TemplateResponse(request, f"accounts/{template}.html", context)

    def _url(self, page: str, *args: Any) -> str:
        return reverse(f"{self.admin_site.name}:accounts_apitoken_{page}", args=args)
