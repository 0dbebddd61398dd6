"""Going on with the following of an upload that was given up, or whose recipe was not known."""

from django.db import transaction

from bulk_uploads.models import BulkUpload
from imagery.errors import ImageryError
from imagery.following.uploads import choose_recipe
from imagery.models import UploadFollowing
from jobs import clock
from jobs.enqueue import enqueue


class NothingToTryAgain(ImageryError):
    """The following of the upload is under way, or ended well; nothing was changed."""

    def __init__(self) -> None:
        super().__init__("There is nothing to try again: its images are seen to.")


@transaction.atomic
def try_again(upload: BulkUpload) -> UploadFollowing:
    """It is due at once, behind the last row that was dealt with; all rows are read once more if
    the recipe that the upload names is known only now. What is there is not made twice.

    Where there is no such recipe still, its `problem` says so. Raises NothingToTryAgain.
    """
    ended = UploadFollowing.objects.filter(upload=upload, ended_at__isnull=False)
    following = ended.exclude(problem="").select_for_update().first()
    if following is None:
        raise NothingToTryAgain
    following.problem, following.attempts = "", 0
    following.ended_at, following.run_after = None, clock.now()
    name = upload.options.get("recipe")
    if name and following.recipe_version_id is None:
        choose_recipe(following, upload, name)
        if following.recipe_version_id is not None:
            following.checkpoint_row = 0
    following.save(update_fields=["problem", "attempts", "ended_at", "run_after", "checkpoint_row"])
    enqueue(following)
    return following
