"""Makes the account-scoped admin site the site that every `admin.register` registers with."""

from django.contrib.admin.apps import AdminConfig


class AccountAdminConfig(AdminConfig):
    default = False
    default_site = "accounts.sites.AccountAdminSite"
