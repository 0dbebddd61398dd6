"""Lists that name the account of each row, for people who work for several."""

from typing import Any

from django.http import HttpRequest

from accounts.scoping import AccountScopedAdmin


class AccountColumn(AccountScopedAdmin):
    """Needs `account` among `list_select_related`."""

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        columns = list(super().get_list_display(request))
        accounts = self.reach(request, "view", "change").accounts
        return [*columns, "account"] if accounts is None or len(accounts) > 1 else columns
