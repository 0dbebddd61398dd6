"""Which roles a SKU needs: by the nearest category that has rules, or the account's default."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from imagery.models import ImageSetRule, Role

_ORDER = {role.value: place for place, role in enumerate(Role)}


@dataclass(frozen=True, slots=True)
class Rules:
    """Roles by the path of the category; `default` is for what no category covers."""

    by_path: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    default: tuple[str, ...] = ()

    def required(self, category_path: str) -> tuple[str, ...]:
        """Empty where nobody has said what is needed."""
        path = category_path
        while path:
            if path in self.by_path:
                return self.by_path[path]
            path = path.rpartition("/")[0]
        return self.default


def rules_of(*, account_id: int) -> Rules:
    """One query."""
    by_path: defaultdict[str | None, list[str]] = defaultdict(list)
    rows = ImageSetRule.objects.filter(account_id=account_id)
    for path, role in rows.values_list("category__path", "role"):
        by_path[path].append(role)
    ordered = {
        path: tuple(sorted(roles, key=_ORDER.__getitem__)) for path, roles in by_path.items()
    }
    return Rules(
        by_path={path: roles for path, roles in ordered.items() if path is not None},
        default=ordered.get(None, ()),
    )
