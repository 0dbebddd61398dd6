"""Lists that stay quick at a million rows: nothing counts further than people read."""

from typing import Any

from django.contrib.admin import ShowFacets
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property
from unfold.admin import ModelAdmin
from unfold.views import ChangeList

#: Rows that are counted at most; a longer list says "more than" and pages on.
COUNTED = 10_000
_ENDLESS = 1_000_000_000


class CappedPaginator(Paginator[Any]):
    """Counts up to COUNTED rows. Beyond, every page that holds rows exists."""

    template_name = "look/capped_pagination.html"

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        if isinstance(rows, QuerySet):
            return rows.order_by().values("pk")[: COUNTED + 1].count()
        return len(rows)

    @property
    def is_capped(self) -> bool:
        return self.count > COUNTED

    @cached_property
    def num_pages(self) -> int:
        return _ENDLESS if self.is_capped else super().num_pages

    def page(self, number: int | str) -> Page[Any]:
        """Finds the page's keys first: sorting whole rows to keep fifty costs a second."""
        checked = self.validate_number(number)
        start = (checked - 1) * self.per_page
        rows: Any = self.object_list
        if not isinstance(rows, QuerySet):
            return Page(rows[start : start + self.per_page], checked, self)
        keys = rows.values_list("pk", flat=True)[start : start + self.per_page]
        return Page(rows.filter(pk__in=list(keys)), checked, self)


class CappedChangeList(ChangeList):
    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        # The header then does not print a count beside the title: the footer does, honestly.
        self.full_result_count = self.result_count


class LargeListAdmin(ModelAdmin):
    """Pages through a table of any size. `empty_text` says what would be here, and how it comes."""

    empty_text = "There is nothing here yet."

    paginator: Any = CappedPaginator
    show_full_result_count = False
    show_facets = ShowFacets.NEVER
    list_per_page = 50

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return CappedChangeList
