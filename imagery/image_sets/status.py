"""The QA status of SKUs: computed here alone, and stored so that lists can filter by it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from django.db import transaction
from django.db.models import Q

from accounts.models import Account
from catalog.models import Variant
from imagery.image_sets.rules import Rules, rules_of
from imagery.image_sets.standing import Trace, status_of_role, worst
from imagery.models import (
    PRODUCT_ROLES,
    GeneratedImage,
    JobState,
    JobWant,
    QaStatus,
    Role,
    SkuImagery,
    Want,
)
from jobs import clock

_AT_ONCE = 500
_UNDER_WAY = frozenset({JobState.WAITING, JobState.RUNNING})
_STILL_OPEN_TO = (QaStatus.NOT_REQUESTED, QaStatus.MISSING_IMAGE, QaStatus.REJECTED)

#: (SKU, product key); one of them is "".
_Subject = tuple[str, str]
_Traces = Mapping[tuple[_Subject, str], Sequence[Trace]]


def refresh(
    *, account: Account, skus: Iterable[str] = (), product_keys: Collection[str] = ()
) -> None:
    """Compute and store how these SKUs, and those of these products, stand.

    Call it in the transaction that changed a job, a want or an image. As many queries for one SKU
    as for 100; six more where SKUs get their first row.
    """
    wanted = set(skus)
    if product_keys:
        variants = Variant.objects.for_account(account.pk)
        wanted |= set(variants.filter(product__key__in=product_keys).values_list("sku", flat=True))
    ordered = sorted(wanted)
    for start in range(0, len(ordered), _AT_ONCE):
        with transaction.atomic(savepoint=False):
            _store(account, ordered[start : start + _AT_ONCE])


def roles_of(*, account: Account, skus: Collection[str]) -> dict[str, dict[str, QaStatus]]:
    """By SKU, how each role that it needs stands. Six queries.

    Where nobody has said what is needed, or the catalog does not know the SKU, these are the roles
    that were asked for.
    """
    rules = rules_of(account_id=account.pk)
    places = _places(account, skus)
    traces = _traces(account, skus, {key for key, _ in places.values()})
    asked = _asked(traces)
    found = {}
    for sku in skus:
        key, path = places.get(sku, ("", None))
        needed = _needed(rules, path) or asked.get(sku, ())
        found[sku] = {
            role: status_of_role(
                traces.get((("", key) if role in PRODUCT_ROLES else (sku, ""), role), ())
            )
            for role in needed
        }
    return found


def missing_roles(*, account: Account, skus: Collection[str]) -> dict[str, tuple[str, ...]]:
    """By SKU, the roles it needs that nothing good is there for, or on its way."""
    return {
        sku: tuple(role for role, status in roles.items() if status in _STILL_OPEN_TO)
        for sku, roles in roles_of(account=account, skus=skus).items()
    }


def _store(account: Account, skus: Sequence[str]) -> None:
    """Rows are locked before anything is computed: of two transactions that change what one SKU
    has, the second computes from what the first left behind."""
    stored = _locked(account, skus)
    found = roles_of(account=account, skus=skus)
    # A SKU without a row was not asked for.
    new = [
        sku
        for sku, roles in found.items()
        if sku not in stored and set(roles.values()) - {QaStatus.NOT_REQUESTED}
    ]
    if new:
        _write(account, {sku: found[sku] for sku in new}, is_new=True)
        stored |= _locked(account, new)
        found |= roles_of(account=account, skus=new)
    _write(account, {sku: roles for sku, roles in found.items() if sku in stored})


def _locked(account: Account, skus: Collection[str]) -> set[str]:
    """Those that have a row, which nobody else writes until we are done."""
    rows = SkuImagery.objects.filter(account=account, sku__in=skus).order_by("sku")
    return set(rows.select_for_update().values_list("sku", flat=True))


def _write(
    account: Account, found: Mapping[str, Mapping[str, QaStatus]], *, is_new: bool = False
) -> None:
    """`is_new` leaves alone what somebody else was quicker to make."""
    now = clock.now()
    rows = [
        SkuImagery(
            account=account,
            sku=sku,
            qa_status=worst(roles.values()),
            roles={role: status.value for role, status in roles.items()},
            updated_at=now,
        )
        for sku, roles in found.items()
    ]
    if is_new:
        SkuImagery.objects.bulk_create(rows, ignore_conflicts=True)
        return
    SkuImagery.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["account", "sku"],
        update_fields=["qa_status", "roles", "updated_at"],
    )


def _needed(rules: Rules, category_path: str | None) -> tuple[str, ...]:
    return () if category_path is None else rules.required(category_path)


def _places(account: Account, skus: Collection[str]) -> dict[str, tuple[str, str]]:
    """Of the SKUs that the catalog knows: the key of the product, and its category's path."""
    rows = Variant.objects.for_account(account.pk).filter(sku__in=skus)
    return {
        sku: (key, path or "")
        for sku, key, path in rows.values_list("sku", "product__key", "product__category__path")
    }


def _asked(traces: _Traces) -> dict[str, tuple[str, ...]]:
    order = {role.value: place for place, role in enumerate(Role)}
    roles: defaultdict[str, list[str]] = defaultdict(list)
    for (sku, _), role in traces:
        if sku:
            roles[sku].append(role)
    return {sku: tuple(sorted(found, key=order.__getitem__)) for sku, found in roles.items()}


def _traces(account: Account, skus: Collection[str], keys: Collection[str]) -> _Traces:
    subjects = Q(sku__in=skus) | Q(sku="", product_key__in=set(keys) - {""})
    found: defaultdict[tuple[_Subject, str], list[Trace]] = defaultdict(list)
    wants = list(
        Want.objects.filter(subjects, account=account)
        .exclude(role="")
        .values_list(
            *("id", "sku", "product_key", "role", "state", "created_at"),
            *("image__decision", "image__lapsed_at", "image__is_placeholder"),
        )
    )
    jobs: defaultdict[int, set[int]] = defaultdict(set)
    under_way: set[int] = set()
    asked_by = JobWant.objects.filter(want_id__in=[row[0] for row in wants])
    for want_id, job_id, state in asked_by.values_list("want_id", "job_id", "job__state"):
        jobs[want_id].add(job_id)
        if state in _UNDER_WAY:
            under_way.add(want_id)
    for pk, sku, key, role, state, since, decision, lapsed_at, is_placeholder in wants:
        found[_subject(sku, key), role].append(
            Trace(
                since=since,
                state=state,
                decision="" if is_placeholder else decision or "",
                has_lapsed=lapsed_at is not None,
                is_under_way=pk in under_way,
                jobs=frozenset(jobs[pk]),
            )
        )
    others = GeneratedImage.objects.filter(subjects, account=account, want=None).reviewable()
    for sku, key, role, decision, lapsed_at, since, job_id in others.values_list(
        *("sku", "product_key", "role", "decision", "lapsed_at", "created_at", "call__job_id")
    ):
        trace = Trace(
            since=since,
            decision=decision,
            has_lapsed=lapsed_at is not None,
            jobs=frozenset() if job_id is None else frozenset({job_id}),
        )
        found[_subject(sku, key), role].append(trace)
    return found


def _subject(sku: str, product_key: str) -> _Subject:
    """A variant's images may name its product too."""
    return (sku, "") if sku else ("", product_key)
