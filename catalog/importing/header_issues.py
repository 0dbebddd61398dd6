"""What is wrong with a file's header, as issues of its upload."""

from bulk_uploads.models import Level
from bulk_uploads.processors import Issue
from catalog.file_format.columns import HeaderProblem


def header_issue(problem: HeaderProblem, header_row: int) -> Issue:
    """What is wrong with a column as a whole stands at the header's row."""
    return Issue(
        row=header_row,
        column=problem.header,
        value=problem.header,
        level=Level.ERROR if problem.fatal else Level.WARNING,
        code=problem.code,
        message=problem.message,
    )
