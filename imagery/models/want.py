"""A want: one image that should exist. Whoever asks for it again gets the same one."""

from django.db import models
from django.db.models import Q

from imagery.models.role import Role


class WantState(models.TextChoices):
    """Exhausted: every rung of the ladder was tried in vain."""

    OPEN = "open", "Open"
    SATISFIED = "satisfied", "Satisfied"
    EXHAUSTED = "exhausted", "Exhausted"


class Want(models.Model):
    """`hash` is made of everything that decides what the image is, and is unique in the account:
    a want is satisfied at most once, so the same request again spends nothing.

    `reference` is the photo, or `input_want` the picture of another step, that it starts from.
    `rung` is the place in the ladder that it has come to, `attempts` the calls made from there,
    `unknowns` those of them of which nobody knows how they ended.
    """

    account = models.ForeignKey(
        "accounts.Account", on_delete=models.CASCADE, related_name="wants", db_index=False
    )
    hash = models.CharField(max_length=64, help_text="SHA-256, hexadecimal.")
    sku = models.CharField("SKU", max_length=200, blank=True)
    product_key = models.CharField(max_length=500, blank=True)
    role = models.CharField(max_length=20, choices=Role, blank=True)
    recipe_version = models.ForeignKey(
        "imagery.RecipeVersion", on_delete=models.PROTECT, related_name="wants"
    )
    step = models.ForeignKey("imagery.RecipeStep", on_delete=models.PROTECT, related_name="wants")
    reference = models.ForeignKey(
        "imagery.ReferencePhoto", on_delete=models.PROTECT, null=True, related_name="wants"
    )
    input_want = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="taken_by"
    )
    prompt = models.TextField(blank=True)
    parameters = models.JSONField(default=dict, help_text="Size, quality and the step's own.")
    image_number = models.PositiveSmallIntegerField(default=1)
    redo_number = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=10, choices=WantState, default=WantState.OPEN)
    rung = models.PositiveSmallIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    unknowns = models.PositiveSmallIntegerField(default=0, db_default=0)
    due_at = models.DateTimeField(null=True, help_text="When to ask again.")
    error_code = models.CharField(max_length=100, blank=True)
    message = models.CharField(max_length=1000, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["account", "sku"], name="want_of_sku")]
        constraints = [
            models.UniqueConstraint(fields=["account", "hash"], name="want_once_per_account"),
            models.CheckConstraint(
                condition=Q(state__in=WantState.values), name="want_state_known"
            ),
            models.CheckConstraint(
                condition=Q(role="") | Q(role__in=Role.values), name="want_role_known"
            ),
            models.CheckConstraint(
                condition=Q(reference=None) | Q(input_want=None), name="want_starts_from_one"
            ),
            models.CheckConstraint(condition=Q(image_number__gte=1), name="want_numbered_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.sku} {self.role} {self.image_number}"


class JobWant(models.Model):
    """A job asks for a want; several jobs may ask for the same one."""

    job = models.ForeignKey("imagery.ImageJob", on_delete=models.CASCADE, related_name="job_wants")
    want = models.ForeignKey(Want, on_delete=models.CASCADE, related_name="job_wants")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["job", "want"], name="jobwant_once")]

    def __str__(self) -> str:
        return f"{self.job_id} {self.want_id}"


class CallWant(models.Model):
    """A provider call serves a want. While the call is open, no other call may serve it."""

    call = models.ForeignKey(
        "imagery.ProviderCall", on_delete=models.CASCADE, related_name="call_wants"
    )
    want = models.ForeignKey(Want, on_delete=models.PROTECT, related_name="call_wants")
    position = models.PositiveSmallIntegerField()
    is_open = models.BooleanField(default=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["call", "want"], name="callwant_once"),
            models.UniqueConstraint(
                fields=["want"], condition=Q(is_open=True), name="callwant_one_open_call_a_want"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.call_id} {self.want_id}"
