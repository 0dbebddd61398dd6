"""What imagery keeps: money, prices, calls to providers and how the providers stand."""

from imagery.models.budget import Budget, BudgetMonth, Purse, UploadBudget
from imagery.models.money_entry import EntryKind, MoneyEntry
from imagery.models.price_row import PriceRow, PriceUnit
from imagery.models.provider_call import CallState, ProviderCall, WaitsFor
from imagery.models.provider_state import ProviderPause, ProviderState

__all__ = [
    "Budget",
    "BudgetMonth",
    "CallState",
    "EntryKind",
    "MoneyEntry",
    "PriceRow",
    "PriceUnit",
    "ProviderCall",
    "ProviderPause",
    "ProviderState",
    "Purse",
    "UploadBudget",
    "WaitsFor",
]
