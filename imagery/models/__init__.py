"""What imagery keeps: recipes, jobs, wants, images, checks, money, calls, how providers stand."""

from imagery.models.budget import Budget, BudgetMonth, Purse, UploadBudget
from imagery.models.channel_profile import ChannelProfile
from imagery.models.generated_image import Decision, GeneratedImage
from imagery.models.hook import HookDelivery, HookEndpoint, HookMonth
from imagery.models.image_batch import BatchState, ImageBatch
from imagery.models.image_checks import ChannelVerdict, ImageChecking, ImageMeasures
from imagery.models.image_job import OPEN_STATES, ImageJob, JobState, Trigger
from imagery.models.image_rescue import ImageRescue
from imagery.models.image_set import ImageSetRule, MissingImage, QaStatus, SkuImagery
from imagery.models.image_set_work import ImageSetSweep, SwatchGrid
from imagery.models.money_entry import EntryKind, MoneyEntry
from imagery.models.price_row import PriceRow, PriceUnit
from imagery.models.provider_call import CallState, ProviderCall, WaitsFor
from imagery.models.provider_state import ProviderPause, ProviderState
from imagery.models.publication import Publication
from imagery.models.recipe import LadderRung, Recipe, RecipeStep, RecipeVersion
from imagery.models.reference_photo import ReferencePhoto
from imagery.models.rendition import Rendition
from imagery.models.review import DecisionKind, RejectReason, ReviewDecision, ReviewTicket
from imagery.models.role import PRODUCT_ROLES, Role
from imagery.models.settings import ImagerySettings, UnknownPolicy, settings_of
from imagery.models.unrescued_image import UnrescuedImage
from imagery.models.upload_following import UploadFollowing
from imagery.models.want import CallWant, JobWant, Want, WantState

__all__ = [
    "OPEN_STATES",
    "PRODUCT_ROLES",
    "BatchState",
    "Budget",
    "BudgetMonth",
    "CallState",
    "CallWant",
    "ChannelProfile",
    "ChannelVerdict",
    "Decision",
    "DecisionKind",
    "EntryKind",
    "GeneratedImage",
    "HookDelivery",
    "HookEndpoint",
    "HookMonth",
    "ImageBatch",
    "ImageChecking",
    "ImageJob",
    "ImageMeasures",
    "ImageRescue",
    "ImageSetRule",
    "ImageSetSweep",
    "ImagerySettings",
    "JobState",
    "JobWant",
    "LadderRung",
    "MissingImage",
    "MoneyEntry",
    "PriceRow",
    "PriceUnit",
    "ProviderCall",
    "ProviderPause",
    "ProviderState",
    "Publication",
    "Purse",
    "QaStatus",
    "Recipe",
    "RecipeStep",
    "RecipeVersion",
    "ReferencePhoto",
    "RejectReason",
    "Rendition",
    "ReviewDecision",
    "ReviewTicket",
    "Role",
    "SkuImagery",
    "SwatchGrid",
    "Trigger",
    "UnknownPolicy",
    "UnrescuedImage",
    "UploadBudget",
    "UploadFollowing",
    "WaitsFor",
    "Want",
    "WantState",
    "settings_of",
]
