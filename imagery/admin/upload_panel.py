"""The card on an upload's page that tells how it went with the images that it asked for."""

from typing import Final

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.access import may
from bulk_uploads.models import BulkUpload
from imagery.admin.upload_cap import cap_of
from imagery.models import ImageBatch, UploadFollowing
from imagery.summary import imagery_summary

PERMISSION: Final = "imagery.view_imagejob"
TRY_AGAIN: Final = "imagery.change_imagejob"
#: Failed SKUs that are named; the list has them all.
_NAMED: Final = 10


def panel(request: HttpRequest, upload: BulkUpload) -> str:
    """Nothing for an upload that asked for no images, unless what it changed of those that are
    there was not seen to; seven queries at most."""
    if not request.user.has_perm(PERMISSION, upload):
        return ""
    summary = imagery_summary(account=upload.account, upload=upload)
    following = UploadFollowing.objects.filter(upload=upload).first()
    problem = following.problem if following else ""
    is_planned = bool(following and following.recipe_version_id and not following.ended_at)
    if not (summary.total or problem or is_planned):
        return ""
    context = {
        "summary": summary,
        "problem": problem,
        "upload": upload,
        "asked": bool(upload.options.get("recipe")),
        "may_try_again": may(request.user, TRY_AGAIN, account_id=upload.account_id)
        and bool(problem and following and following.ended_at),
        "is_planned": is_planned,
        "named": summary.failed_skus[:_NAMED],
        "more": summary.failed - min(summary.failed, _NAMED),
        "batch": ImageBatch.objects.filter(upload=upload).order_by("-id").first(),
        "manifest": f"{reverse('platform_api:manifest', args=[upload.uuid])}?partial=true",
        "cap": cap_of(request, upload),
        "jobs": f"{reverse('admin:imagery_imagejob_changelist')}?upload={upload.pk}",
    }
    return render_to_string("imagery/upload_panel.html", context, request)
