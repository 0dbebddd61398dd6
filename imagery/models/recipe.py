"""Recipes: named and versioned ways to make pictures, each a small graph of steps.

A version that a job was planned with is never changed again: whoever edits it makes the next one.
"""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from imagery.models.price_row import OPERATIONS
from imagery.models.role import Role
from imagery.providers.protocol import Operation

#: Images of one step for one SKU.
MOST_IMAGES = 10


class RecipeQuerySet(models.QuerySet["Recipe"]):
    def for_account(self, account_id: int) -> "RecipeQuerySet":
        return self.filter(account_id=account_id)


class Recipe(models.Model):
    """`name` is what uploads and the API call it by. The newest version is the one in force."""

    account = models.ForeignKey(
        "accounts.Account", on_delete=models.CASCADE, related_name="recipes", db_index=False
    )
    name = models.SlugField(max_length=60, db_index=False)
    description = models.CharField(max_length=300, blank=True)
    is_archived = models.BooleanField("archived", default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = RecipeQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "name"],
                name="recipe_name_per_account",
                violation_error_message="This account already has a recipe of this name.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class RecipeVersion(models.Model):
    """`used_at` is when the first job was planned with it; from then on it cannot be changed."""

    recipe = models.ForeignKey(Recipe, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    note = models.CharField(max_length=300, blank=True, help_text="What changed, in words.")
    used_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["recipe", "number"], name="recipeversion_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="recipeversion_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.recipe_id} version {self.number}"


class RecipeStep(models.Model):
    """Some images of one kind, made from the source photo or from another step's picture.

    Without a role it is an intermediate step: its picture serves those that take it as input, and
    is not delivered. `prompt_template` holds `{placeholders}`; `parameters` are sent under their
    names as the provider knows them.
    """

    version = models.ForeignKey(RecipeVersion, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=60)
    role = models.CharField(max_length=20, choices=Role, blank=True)
    operation = models.CharField(max_length=30, choices=OPERATIONS)
    prompt_template = models.TextField(max_length=4000, blank=True)
    images = models.PositiveSmallIntegerField(
        default=1, validators=[MinValueValidator(1), MaxValueValidator(MOST_IMAGES)]
    )
    size = models.CharField(max_length=30, blank=True)
    quality = models.CharField(max_length=30, blank=True)
    parameters = models.JSONField(default=dict, blank=True)
    input_step = models.ForeignKey(
        "self",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="taken_by",
        help_text="The step whose picture it starts from; else the source photo.",
    )

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "position"], name="recipestep_place_once"),
            models.UniqueConstraint(fields=["version", "name"], name="recipestep_name_once"),
            models.CheckConstraint(
                condition=Q(images__gte=1, images__lte=MOST_IMAGES), name="recipestep_some_images"
            ),
            models.CheckConstraint(
                condition=Q(role="") | Q(role__in=Role.values), name="recipestep_role_known"
            ),
            models.CheckConstraint(
                condition=Q(operation__in=[each.value for each in Operation]),
                name="recipestep_operation_known",
            ),
            models.CheckConstraint(
                condition=Q(input_step=None) | ~Q(input_step=F("id")),
                name="recipestep_not_its_own_input",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class LadderRung(models.Model):
    """Who is asked for a step's pictures: the first rung first, the next where one refuses."""

    step = models.ForeignKey(RecipeStep, on_delete=models.CASCADE, related_name="ladder")
    position = models.PositiveSmallIntegerField()
    provider = models.CharField(max_length=40)
    model = models.CharField(max_length=100, blank=True)
    parameters = models.JSONField(
        default=dict, blank=True, help_text="Sent beside the step's, and before them."
    )

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["step", "position"], name="ladderrung_place_once"),
            models.UniqueConstraint(
                fields=["step", "provider", "model"], name="ladderrung_provider_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.model}".strip()
