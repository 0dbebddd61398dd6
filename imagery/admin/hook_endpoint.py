"""The webhooks pages: make one (its secret is shown once), see what it brought, stop it."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from unfold.contrib.filters.admin import RelatedDropdownFilter
from unfold.decorators import display

from bulk_uploads.admin.account_column import AccountColumn
from bulk_uploads.admin.large_lists import LargeListAdmin
from imagery.admin.amounts import currency_of, in_currency
from imagery.admin.hook_forms import HookForm, NewHookForm
from imagery.hooks.endpoints import disable, enable, rotate_secret
from imagery.hooks.signatures import secret_of
from imagery.models import HookEndpoint
from imagery.money.hook_budgets import set_hook_cap, this_month
from jobs import clock

#: Announcements that a webhook's page shows.
_SHOWN = 20


@admin.register(HookEndpoint)
class HookEndpointAdmin(AccountColumn, LargeListAdmin):
    empty_text = (
        "No webhook yet. With one, a shop or PIM announces products that were created or changed, "
        "and their images are made without anybody uploading a file."
    )
    list_display = ("name", "state_badge", "recipe", "cap", "last_used_at")
    list_filter = (("account", RelatedDropdownFilter),)
    list_filter_submit = True
    list_select_related = ("account", "account__image_budget", "recipe")
    search_fields = ("name",)
    search_help_text = "Find a webhook by its name"
    actions = None

    @display(description="State", label={"On": "success", "Off": "default"})
    def state_badge(self, endpoint: HookEndpoint) -> str:
        return "Off" if endpoint.disabled_at else "On"

    @display(description="Cap a month")
    def cap(self, endpoint: HookEndpoint) -> str:
        budget = getattr(endpoint.account, "image_budget", None)
        currency = budget.currency if budget else endpoint.account.currency
        return in_currency(endpoint.monthly_cap_micros, currency)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path(
                "<path:object_id>/rotate/",
                view(self.rotate_view),
                name="imagery_hookendpoint_rotate",
            ),
            path(
                "<path:object_id>/switch/",
                view(self.switch_view),
                name="imagery_hookendpoint_switch",
            ),
            *super().get_urls(),
        ]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What it spent stays told: it is switched off, never deleted."""
        return False

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        posted = request.POST if request.method == "POST" else None
        form = NewHookForm(posted, person=request.user)
        if form.is_valid():
            endpoint = HookEndpoint.objects.create(
                account=form.cleaned_data["account"],
                name=form.cleaned_data["name"],
                recipe=form.cleaned_data["recipe"],
                images=form.cleaned_data["images"],
                monthly_cap_micros=form.cap_micros,
                created_by_id=request.user.pk,
            )
            self.log_addition(request, endpoint, "Made.")
            return self._secret(request, endpoint)
        status = 422 if form.is_bound else 200
        context = {"title": "New webhook", "form": form, "may_change": True}
        return self._page(request, "hook", context, status=status)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        endpoint = self.get_object(request, object_id)
        if endpoint is None:
            return self._gone(request, object_id)
        may_change = self.has_change_permission(request, endpoint)
        if request.method == "POST" and not may_change:
            raise PermissionDenied
        form = HookForm.of(endpoint, request.POST if request.method == "POST" else None)
        if not may_change:
            form.disable()
        if form.is_valid():
            return self._save(request, endpoint, form)
        month = this_month(endpoint=endpoint)
        currency = currency_of(endpoint.account)
        context = {
            "title": endpoint.name,
            "object": endpoint,
            "form": form,
            "may_change": may_change,
            "currency": currency,
            "used": in_currency(month.used_micros, currency),
            "free": in_currency(month.free_micros, currency),
            "address": self._address(request, endpoint),
            "old_secret_works": endpoint.previous_until and endpoint.previous_until > clock.now(),
            "deliveries": endpoint.deliveries.all()[:_SHOWN],
        }
        return self._page(request, "hook", context, status=422 if form.is_bound else 200)

    def rotate_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """GET asks, POST gives the new secret."""
        endpoint = self._changeable(request, object_id)
        if request.method != "POST":
            context = {"title": f"A new secret for {endpoint}?", "object": endpoint}
            return self._page(request, "rotate_hook", context)
        rotate_secret(endpoint=endpoint, keep_old="keep_old" in request.POST)
        self.log_change(request, endpoint, "New secret.")
        return self._secret(request, endpoint)

    def switch_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Off if it is on, else on."""
        endpoint = self._changeable(request, object_id)
        if request.method == "POST":
            off = request.POST.get("to") == "off"
            word = "off" if off else "on"
            if (disable if off else enable)(endpoint=endpoint):
                self.log_change(request, endpoint, f"Switched {word}.")
            self.message_user(request, f"{endpoint} is {word}.", messages.SUCCESS)
        return HttpResponseRedirect(self._url(endpoint))

    def _save(self, request: HttpRequest, endpoint: HookEndpoint, form: HookForm) -> HttpResponse:
        endpoint.name = form.cleaned_data["name"]
        endpoint.recipe = form.cleaned_data["recipe"]
        endpoint.images = form.cleaned_data["images"]
        endpoint.save(update_fields=["name", "recipe", "images"])
        set_hook_cap(endpoint=endpoint, monthly_cap_micros=form.cap_micros)
        self.log_change(request, endpoint, "Saved.")
        self.message_user(request, "The webhook was saved.", messages.SUCCESS)
        return HttpResponseRedirect(self._url(endpoint))

    def _changeable(self, request: HttpRequest, object_id: str) -> HookEndpoint:
        endpoint = self.get_object(request, object_id)
        if endpoint is None or not self.has_change_permission(request, endpoint):
            raise PermissionDenied
        found: HookEndpoint = endpoint
        return found

    def _secret(self, request: HttpRequest, endpoint: HookEndpoint) -> HttpResponse:
        context = {
            "title": "Copy the secret",
            "object": endpoint,
            "secret": secret_of(endpoint),
            "address": self._address(request, endpoint),
            "page_url": self._url(endpoint),
        }
        response = self._page(request, "hook_secret", context)
        response["Cache-Control"] = "no-store"
        return response

    def _address(self, request: HttpRequest, endpoint: HookEndpoint) -> str:
        where = reverse("platform_api:receive_hook", args=[endpoint.account.uuid, endpoint.uuid])
        return request.build_absolute_uri(where)

    def _page(
        self, request: HttpRequest, name: str, context: dict[str, Any], *, status: int = 200
    ) -> HttpResponse:
        shared = {**self.admin_site.each_context(request), "opts": self.opts}
        template = f"imagery/{name}.html"
        return TemplateResponse(request, template, {**shared, **context}, status=status)

    def _url(self, endpoint: HookEndpoint) -> str:
        return reverse("admin:imagery_hookendpoint_change", args=[endpoint.pk])

    def _gone(self, request: HttpRequest, object_id: str) -> HttpResponse:
        response: HttpResponse = self._get_obj_does_not_exist_redirect(
            request, self.opts, object_id
        )
        return response
