"""What the README says can be tried."""

import re

from django.conf import settings


def test_the_files_of_its_commands_are_in_the_checkout():
    text = (settings.BASE_DIR / "README.md").read_text()
    named = re.findall(r'(?:import_file|ingest_images|file=@"?) ?([\w./-]+\.csv)', text)

    assert len(named) == 3
    for name in named:
        assert (settings.BASE_DIR / name).is_file(), name


def test_the_pages_that_it_leads_to_are_all_there_are():
    text = (settings.BASE_DIR / "README.md").read_text()
    pages = {f"docs/{page.name}" for page in (settings.BASE_DIR / "docs").glob("*.md")}

    assert set(re.findall(r"\]\((docs/[\w-]+\.md)\)", text)) == pages
