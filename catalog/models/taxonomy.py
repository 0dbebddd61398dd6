"""The shelves products stand on: the category tree, tags and collections of an account."""

from django.db import models


class Category(models.Model):
    """A node of the tree; `path` spells it out from the root, levels joined with `/`."""

    account = models.ForeignKey(
        "accounts.Account", on_delete=models.CASCADE, related_name="categories", db_index=False
    )
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    name = models.CharField(max_length=200)
    path = models.CharField(max_length=1000)

    class Meta:
        ordering = ["path"]
        verbose_name_plural = "categories"
        constraints = [
            models.UniqueConstraint(fields=["account", "path"], name="category_path_per_account"),
        ]

    def __str__(self) -> str:
        return self.path


class Tag(models.Model):
    account = models.ForeignKey(
        "accounts.Account", on_delete=models.CASCADE, related_name="tags", db_index=False
    )
    name = models.CharField(max_length=200)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["account", "name"], name="tag_name_per_account"),
        ]

    def __str__(self) -> str:
        return self.name


class Collection(models.Model):
    account = models.ForeignKey(
        "accounts.Account", on_delete=models.CASCADE, related_name="collections", db_index=False
    )
    name = models.CharField(max_length=200)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["account", "name"], name="collection_name_per_account"),
        ]

    def __str__(self) -> str:
        return self.name
