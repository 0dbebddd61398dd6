"""One try at one picture, in a thread of its own: no database here."""

import logging
from dataclasses import dataclass

from catalog.media_fetching.due import DueAsset
from catalog.media_fetching.policy import Policy
from catalog.media_fetching.verdicts import Problem
from outbound import Fetched, OutboundError, Picture, fetch, read_picture

_ACCEPT = "image/avif,image/webp,image/png,image/jpeg,image/gif,*/*;q=0.5"

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Download:
    """A picture that came; its bytes lie in a temporary file until they are stored."""

    asset: DueAsset
    fetched: Fetched
    picture: Picture


@dataclass(frozen=True, slots=True)
class Vain:
    """A try that brought no picture."""

    asset: DueAsset
    problem: Problem


def download(asset: DueAsset, policy: Policy) -> Download | Vain:
    try:
        fetched = fetch(asset.url, limits=policy.limits, gate=policy.gate, accept=_ACCEPT)
        try:
            picture = read_picture(fetched.file, limits=policy.pictures)
        except BaseException:
            fetched.close()
            raise
    except OutboundError as error:
        return Vain(asset, Problem.of(error))
    except Exception:
        # A mistake of ours must not keep the account's other pictures from being fetched.
        logger.exception("Media asset %s could not be fetched", asset.id)
        problem = Problem(
            "unexpected_error",
            "Something went wrong on our side; the operator's log says what.",
            is_permanent=False,
        )
        return Vain(asset, problem)
    return Download(asset, fetched, picture)
