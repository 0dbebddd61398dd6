"""Work on image sets that is done in the background: looking at all SKUs anew, drawing grids."""

from typing import ClassVar

from django.db import models

from jobs.models import LeasedJob


class ImageSetSweep(LeasedJob):
    """Every SKU of the account is looked at anew, as what they need has changed.

    `behind` is the last SKU that was. `asked` counts the wishes: one that comes meanwhile begins
    it again.
    """

    queue: ClassVar[str] = "default"
    task: ClassVar[str] = "imagery.image_sets.tasks.sweep"

    account = models.OneToOneField(
        "accounts.Account", on_delete=models.CASCADE, related_name="image_set_sweep"
    )
    behind = models.CharField(max_length=200, blank=True)
    asked = models.PositiveIntegerField(default=0)

    class Meta(LeasedJob.Meta):
        ordering = ["id"]

    def __str__(self) -> str:
        return f"Image sets of account {self.account_id}"


class SwatchGrid(LeasedJob):
    """The grid of a product's variants, drawn again when what it shows has changed.

    `digest` is of what the newest was drawn from, "" while there is none.
    """

    queue: ClassVar[str] = "imagery"
    task: ClassVar[str] = "imagery.image_sets.tasks.draw_swatch_grid"

    account = models.ForeignKey(
        "accounts.Account", on_delete=models.CASCADE, related_name="swatch_grids", db_index=False
    )
    product_key = models.CharField(max_length=500)
    digest = models.CharField(max_length=64, blank=True)
    problem = models.CharField(max_length=300, blank=True)
    asked = models.PositiveIntegerField(default=0)
    drawn_at = models.DateTimeField(null=True)

    class Meta(LeasedJob.Meta):
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "product_key"], name="swatchgrid_once_per_product"
            ),
        ]

    def __str__(self) -> str:
        return f"Swatch grid of {self.product_key}"
