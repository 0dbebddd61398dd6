"""The issues of an upload as people look through them: filtered, a page at a time."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Q, QuerySet

from bulk_uploads.admin.entered_text import storable
from bulk_uploads.corrections.settled import resolution
from bulk_uploads.ledger import visible_issues
from bulk_uploads.models import BulkUpload, Level, RowIssue

PER_PAGE = 25
#: Codes and columns to choose from are gathered from so many issues: a file that is wrong in
#: every row has hundreds of thousands, of the same few kinds.
_LOOKED_THROUGH = 10_000
_FILTERS = ("level", "state", "code", "column", "q")
_STATES = ("open", "closed")


@dataclass(frozen=True, slots=True)
class IssueFilter:
    level: str
    state: str
    code: str
    column: str
    q: str
    page: int

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> "IssueFilter":
        level = query.get("level", "")
        page = query.get("issue_page", "1")
        return cls(
            level=level if level in Level.values else "",
            state=state if (state := query.get("state", "")) in _STATES else "",
            code=storable(query.get("code", ""))[:40],
            column=storable(query.get("column", ""))[:300],
            q=storable(query.get("q", "")).strip()[:200],
            page=int(page) if page.isascii() and page.isdigit() and 0 < int(page) < 10**6 else 1,
        )

    @property
    def is_on(self) -> bool:
        return any(getattr(self, name) for name in _FILTERS)

    def query(self, *, page: int) -> str:
        chosen = {name: value for name in _FILTERS if (value := getattr(self, name))}
        return urlencode(chosen | ({"issue_page": str(page)} if page > 1 else {}))

    def narrow(self, upload: BulkUpload) -> QuerySet[RowIssue]:
        """The upload's issues that fit, each with `resolved_by`: the id of who closed it."""
        issues = visible_issues(upload).annotate(resolved_by=resolution(upload))
        if self.state:
            # Nothing is left to do about a warning.
            closed = self.state == "closed"
            issues = issues.filter(level=Level.ERROR, resolved_by__isnull=not closed)
        exact = {
            name: value for name in ("level", "code", "column") if (value := getattr(self, name))
        }
        found = issues.filter(**exact)
        if not self.q:
            return found
        text = Q(message__icontains=self.q) | Q(value__icontains=self.q)
        return found.filter(text | Q(column__icontains=self.q))


@dataclass(frozen=True, slots=True)
class IssueTable:
    chosen: IssueFilter
    issues: list[RowIssue]
    is_any_closed: bool
    codes: list[str]
    columns: list[str]
    previous_query: str | None
    next_query: str | None


def issue_table(upload: BulkUpload, chosen: IssueFilter) -> IssueTable:
    """Three queries whatever the number of issues; nothing is counted."""
    start = (chosen.page - 1) * PER_PAGE
    page = list(chosen.narrow(upload)[start : start + PER_PAGE + 1])
    return IssueTable(
        chosen=chosen,
        issues=page[:PER_PAGE],
        is_any_closed=bool(chosen.state) or any(map(_closer, page)),
        codes=_seen(upload, "code"),
        columns=_seen(upload, "column"),
        previous_query=chosen.query(page=chosen.page - 1) if chosen.page > 1 else None,
        next_query=chosen.query(page=chosen.page + 1) if len(page) > PER_PAGE else None,
    )


def _closer(issue: RowIssue) -> int | None:
    closed_by: int | None = getattr(issue, "resolved_by", None)
    return closed_by


def _seen(upload: BulkUpload, field: str) -> list[str]:
    first = visible_issues(upload).values("pk")[:_LOOKED_THROUGH]
    values = RowIssue.objects.filter(pk__in=first).order_by(field)
    return [value for value in values.values_list(field, flat=True).distinct() if value]
