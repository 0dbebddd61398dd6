"""Getting the roles that are missing: which recipes deliver them, and what that costs."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from accounts.models import Account, User
from imagery.image_sets.status import roles_of
from imagery.models import ImageBatch, ImageJob, QaStatus, RecipeVersion, Trigger
from imagery.planning.batches import new_batch
from imagery.planning.estimating import ImageEstimate, estimate_images
from imagery.planning.recipe_plan import load_plan
from imagery.planning.requests import request_images
from imagery.planning.targets import Target

_LACKING = (QaStatus.NOT_REQUESTED, QaStatus.MISSING_IMAGE)


@dataclass(frozen=True, slots=True)
class Offer:
    """A recipe that delivers some of what is missing: `roles`, of so many `skus`."""

    version: RecipeVersion
    roles: tuple[str, ...]
    skus: tuple[str, ...]
    estimate: ImageEstimate


@dataclass(frozen=True, slots=True)
class _Group:
    """SKUs that lack the same. A redo: what there is was rejected."""

    roles: frozenset[str]
    is_redo: bool
    skus: tuple[str, ...]


def offers(
    *, account: Account, skus: Collection[str], roles: Collection[str] | None = None
) -> list[Offer]:
    """By recipe name, every recipe in force that delivers a role which one of the SKUs lacks; of
    these roles alone, if some are named."""
    lacking = roles_of(account=account, skus=skus)
    found = []
    for version in _in_force(account):
        delivered = _delivered(version, roles)
        groups = list(_groups(lacking, delivered))
        if not groups:
            continue
        missing = frozenset().union(*(group.roles for group in groups))
        wanted = dict.fromkeys(sku for group in groups for sku in group.skus)
        found.append(
            Offer(
                version=version,
                roles=tuple(role for role in delivered if role in missing),
                skus=tuple(wanted),
                estimate=_estimate(account, version, groups),
            )
        )
    return found


def request_missing(
    *,
    account: Account,
    version: RecipeVersion,
    skus: Collection[str],
    by: User | None,
    roles: Collection[str] | None = None,
) -> ImageBatch:
    """Ask for what the recipe delivers and the SKUs lack, in one batch; nothing where they lack
    nothing. Raises InvalidRequest for the recipe of another account."""
    lacking = roles_of(account=account, skus=skus)
    groups = list(_groups(lacking, _delivered(version, roles)))
    batch = new_batch(account=account, version=version, upload=None, by=by)
    for group in groups:
        rejected = ImageJob.objects.for_account(account.pk).filter(sku__in=group.skus).first()
        request_images(
            account=account,
            targets=[Target(sku) for sku in group.skus],
            version=version,
            trigger=Trigger.ADMIN,
            requested_by=by,
            redo_of=rejected if group.is_redo else None,
            roles=group.roles,
            batch=batch,
        )
    batch.refresh_from_db()
    return batch


def _in_force(account: Account) -> Iterator[RecipeVersion]:
    versions = RecipeVersion.objects.filter(
        recipe__account=account, recipe__is_archived=False
    ).select_related("recipe")
    newest: dict[str, RecipeVersion] = {}
    for version in versions.order_by("recipe__name", "number"):
        newest[version.recipe.name] = version
    yield from newest.values()


def _delivered(version: RecipeVersion, roles: Collection[str] | None) -> list[str]:
    return [role for role in load_plan(version).roles if roles is None or role in roles]


def _groups(
    lacking: Mapping[str, Mapping[str, QaStatus]], delivered: Sequence[str]
) -> Iterator[_Group]:
    found: defaultdict[tuple[frozenset[str], bool], list[str]] = defaultdict(list)
    for sku, roles in lacking.items():
        new = frozenset(role for role in delivered if roles.get(role) in _LACKING)
        again = frozenset(role for role in delivered if roles.get(role) == QaStatus.REJECTED)
        for wanted, is_redo in ((new, False), (again, True)):
            if wanted:
                found[wanted, is_redo].append(sku)
    for (wanted, is_redo), skus in found.items():
        yield _Group(wanted, is_redo, tuple(skus))


def _estimate(account: Account, version: RecipeVersion, groups: Sequence[_Group]) -> ImageEstimate:
    estimates = [
        estimate_images(
            account=account,
            targets=[Target(sku) for sku in group.skus],
            version=version,
            roles=group.roles,
            is_redo=group.is_redo,
        )
        for group in groups
    ]
    total = estimates[0]
    for each in estimates[1:]:
        total = replace(
            total,
            minimum=total.minimum + each.minimum,
            expected=total.expected + each.expected,
            maximum=total.maximum + each.maximum,
            wanted=total.wanted + each.wanted,
            already_there=total.already_there + each.already_there,
            unpriced=tuple(dict.fromkeys(total.unpriced + each.unpriced)),
        )
    return total
