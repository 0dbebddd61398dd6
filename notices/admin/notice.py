"""A person's own notices: the list, the bell in the header, marking read, the choice of mail."""

from typing import Any, Final

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST, require_safe
from unfold.admin import ModelAdmin

from accounts.models import User
from jobs import clock
from notices.models import MailChoice, Notice, Wanted

PAGE: Final = 30
#: From here on the bell only says that there are many.
MANY: Final = 99


@admin.register(Notice)
class NoticeAdmin(ModelAdmin):
    """Everybody who may open the admin has notices, whatever their role; nobody sees another's."""

    def get_urls(self) -> list[Any]:
        def view(address: str, handler: Any, name: str) -> Any:
            return path(address, self.admin_site.admin_view(handler), name=f"notices_notice_{name}")

        return [
            view("", self.changelist_view, "changelist"),
            view("bell/", self.bell_view, "bell"),
            view("read/", self.read_all_view, "read_all"),
            view("mail/", self.mail_view, "mail"),
            view("<int:pk>/read/", self.read_view, "read"),
        ]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        user = request.user
        return isinstance(user, User) and user.is_active and user.is_staff

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Notice]:
        return Notice.objects.shown_to(_person(request)).order_by("-id")

    @method_decorator(require_safe)
    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        person = _person(request)
        notices = self.get_queryset(request).select_related("account")
        before = request.GET.get("before", "")
        if before.isascii() and before.isdigit() and len(before) < 19:
            notices = notices.filter(pk__lt=int(before))
        shown = list(notices[: PAGE + 1])
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "Notices",
            "notices": shown[:PAGE],
            "older": shown[PAGE - 1].pk if len(shown) > PAGE else None,
            "is_first_page": not before,
            "has_unread": self.get_queryset(request).unread().exists(),  # type: ignore[attr-defined]
            "wanted": MailChoice.of(person),
            "choices": Wanted.choices,
            "email": person.email,
        }
        return TemplateResponse(request, "notices/notices.html", context)

    @method_decorator(require_safe)
    def bell_view(self, request: HttpRequest) -> HttpResponse:
        """How many are unread; the header asks for it now and then, so it is counted to a bound."""
        unread = self.get_queryset(request).unread()  # type: ignore[attr-defined]
        count = unread.order_by()[: MANY + 1].count()
        shown = f"{MANY}+" if count > MANY else str(count)
        context = {"count": count, "shown": shown}
        return TemplateResponse(request, "notices/bell.html", context)

    @method_decorator(require_POST)
    def read_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Mark one read, and go on to what it tells of."""
        notice = self.get_queryset(request).filter(pk=pk).first()
        if notice is None:
            raise Http404
        self._mark_read(Notice.objects.filter(pk=pk))
        return HttpResponseRedirect(notice.link or _list_url())

    @method_decorator(require_POST)
    def read_all_view(self, request: HttpRequest) -> HttpResponse:
        self._mark_read(Notice.objects.filter(user=_person(request)))
        return HttpResponseRedirect(_list_url())

    @method_decorator(require_POST)
    def mail_view(self, request: HttpRequest) -> HttpResponse:
        wanted = request.POST.get("wanted", "")
        if wanted in Wanted.values:
            MailChoice.objects.update_or_create(
                user=_person(request), defaults={"wanted": Wanted(wanted)}
            )
            self.message_user(request, "Your choice of mail is kept.", messages.SUCCESS)
        else:
            self.message_user(request, "Choose which mails you want.", messages.WARNING)
        return HttpResponseRedirect(_list_url())

    def _mark_read(self, notices: QuerySet[Notice]) -> None:
        notices.filter(read_at=None).update(read_at=clock.now())


def _person(request: HttpRequest) -> User:
    """The admin lets nobody else in. Raises Http404."""
    if not isinstance(request.user, User):
        raise Http404
    return request.user


def _list_url() -> str:
    return reverse("admin:notices_notice_changelist")
