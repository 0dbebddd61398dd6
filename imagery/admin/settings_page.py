"""What an account decided about its pictures: one card an account, on one page."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from accounts.access import accounts_for, may
from accounts.models import Account
from accounts.scoping import AccountScopedAdmin
from bulk_uploads.admin.large_lists import LargeListAdmin
from bulk_uploads.admin.row_ids import is_id
from imagery.admin.posted_account import posted_account
from imagery.engine.unknowns import wake_waiting
from imagery.models import ImagerySettings, Recipe, settings_of

#: Accounts that are shown at once; people of more are superusers, and name one in the address.
_MOST_ACCOUNTS = 20
_INPUT = {"class": "look-input"}
_VIEW = "imagery.view_imagerysettings"
_CHANGE = "imagery.change_imagerysettings"


class SettingsForm(forms.ModelForm[ImagerySettings]):
    class Meta:
        model = ImagerySettings
        fields = (
            "follows_catalog",
            "recipe_for_new",
            "unknown_policy",
            "placeholder_is_public",
            "redo_budget",
            "auto_approve",
            "auto_approve_fidelity",
        )
        widgets = {
            "unknown_policy": forms.RadioSelect,
            "recipe_for_new": forms.Select(attrs=_INPUT),
            "redo_budget": forms.NumberInput(attrs=_INPUT),
            "auto_approve_fidelity": forms.NumberInput(attrs=_INPUT),
        }

    def __init__(self, data: Any = None, *, instance: ImagerySettings) -> None:
        account_id = instance.account_id
        super().__init__(data, instance=instance, auto_id=f"id_{account_id}_%s")
        recipe = self.fields["recipe_for_new"]
        if isinstance(recipe, forms.ModelChoiceField):
            recipe.queryset = Recipe.objects.for_account(account_id).filter(is_archived=False)
            recipe.empty_label = "None"


@admin.register(ImagerySettings)
class ImagerySettingsAdmin(AccountScopedAdmin, LargeListAdmin):
    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        form = self._posted(request) if request.method == "POST" else None
        if form is not None and form.is_valid():
            with transaction.atomic():
                form.save()
                if "unknown_policy" in form.changed_data:
                    wake_waiting(account_id=form.instance.account_id)
            text = f"The settings of {form.instance.account} were saved."
            self.message_user(request, text, messages.SUCCESS)
            return HttpResponseRedirect(reverse("admin:imagery_imagerysettings_changelist"))
        accounts = accounts_for(request.user, _VIEW)
        chosen = request.GET.get("account", "")
        if is_id(chosen):
            accounts = accounts.filter(pk=chosen)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "Imagery settings",
            "cards": [self._card(request, account, form) for account in accounts[:_MOST_ACCOUNTS]],
        }
        status = 422 if form is not None else 200
        return TemplateResponse(request, "imagery/settings.html", context, status=status)

    def _card(
        self, request: HttpRequest, account: Account, posted: SettingsForm | None
    ) -> dict[str, Any]:
        mine = posted is not None and posted.instance.account_id == account.pk
        form = posted if mine else SettingsForm(instance=settings_of(account.pk))
        may_change = may(request.user, _CHANGE, account_id=account.pk)
        if form is not None and not may_change:
            for field in form.fields.values():
                field.disabled = True
        return {"account": account, "form": form, "may_change": may_change}

    def _posted(self, request: HttpRequest) -> SettingsForm:
        account = posted_account(request, view=_VIEW, change=_CHANGE)
        settings = settings_of(account.pk)
        settings.account = account
        return SettingsForm(request.POST, instance=settings)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """All of it is on one page."""
        return HttpResponseRedirect(reverse("admin:imagery_imagerysettings_changelist"))
