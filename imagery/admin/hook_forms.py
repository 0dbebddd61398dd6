"""The form of a webhook: who calls it, which recipe it has, and what it may spend."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from django import forms

from accounts.access import Person, accounts_for
from bulk_uploads.admin.account_choice import AccountChoice
from catalog.admin.edit_form import EditForm
from imagery.models import HookEndpoint, Recipe
from imagery.models.recipe import MOST_IMAGES

_INPUT: Final = {"class": "look-input"}
_MICROS: Final = 1_000_000
_ADD: Final = "imagery.add_hookendpoint"
if TYPE_CHECKING:
    _RecipeField = forms.ModelChoiceField[Recipe]
else:
    _RecipeField = forms.ModelChoiceField
#: A month; in the budget's currency.
_MOST: Final = Decimal(1_000_000_000)


class RecipeChoice(_RecipeField):
    """`names_account`: the recipes of several accounts are offered."""

    names_account = False

    def label_from_instance(self, obj: Recipe) -> str:
        return f"{obj.name} ({obj.account})" if self.names_account else obj.name


class HookForm(EditForm):
    name = forms.CharField(
        max_length=100,
        help_text="Who calls it, such as “Shopify” or “Akeneo”.",
        widget=forms.TextInput(attrs=_INPUT),
    )
    recipe = RecipeChoice(
        queryset=Recipe.objects.none(),
        empty_label=None,
        help_text="What is made of a product that is announced.",
        widget=forms.Select(attrs=_INPUT),
    )
    images = forms.IntegerField(
        label="Images a step",
        required=False,
        min_value=1,
        max_value=MOST_IMAGES,
        help_text="Empty: as many as the recipe says.",
        widget=forms.NumberInput(attrs=_INPUT),
    )
    monthly_cap = forms.DecimalField(
        label="Most it may spend in a month",
        min_value=Decimal(0),
        max_value=_MOST,
        max_digits=16,
        decimal_places=6,
        initial=Decimal(0),
        widget=forms.NumberInput(attrs={**_INPUT, "step": "any", "min": "0"}),
    )

    def __init__(
        self, *args: Any, recipes: Any, endpoint: HookEndpoint | None = None, **kwargs: Any
    ) -> None:
        self._endpoint = endpoint
        super().__init__(*args, **kwargs)
        self.fields["recipe"].queryset = recipes.filter(is_archived=False)  # type: ignore[attr-defined]

    @classmethod
    def of(cls, endpoint: HookEndpoint, data: Any = None) -> "HookForm":
        recipes = Recipe.objects.for_account(endpoint.account_id)
        cap = (Decimal(endpoint.monthly_cap_micros) / _MICROS).normalize()
        initial = {
            "name": endpoint.name,
            "recipe": endpoint.recipe_id,
            "images": endpoint.images,
            "monthly_cap": format(cap, "f"),
        }
        return cls(data, recipes=recipes, endpoint=endpoint, initial=initial)

    @property
    def cap_micros(self) -> int:
        return int(self.cleaned_data["monthly_cap"] * _MICROS)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        account_id = self._account_id(cleaned)
        named = HookEndpoint.objects.filter(account=account_id, name=cleaned.get("name", ""))
        if self._endpoint is not None:
            named = named.exclude(pk=self._endpoint.pk)
        if account_id is not None and named.exists():
            self.add_error("name", "This account already has a webhook of this name.")
        return cleaned

    def _account_id(self, cleaned: dict[str, Any]) -> int | None:
        return self._endpoint.account_id if self._endpoint else None


class NewHookForm(HookForm):
    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        choice = AccountChoice()
        self.asks_account = choice.offer(person, _ADD)
        recipes = Recipe.objects.filter(account__in=accounts_for(person, _ADD)).select_related(
            "account"
        )
        super().__init__(*args, recipes=recipes, **kwargs)
        self.fields["account"] = choice
        self.fields["recipe"].names_account = self.asks_account  # type: ignore[attr-defined]

    def _account_id(self, cleaned: dict[str, Any]) -> int | None:
        account, recipe = cleaned.get("account"), cleaned.get("recipe")
        if account is None:
            return None
        if recipe is not None and recipe.account_id != account.pk:
            self.add_error("recipe", f"This recipe is not {account}'s.")
        pk: int = account.pk
        return pk
