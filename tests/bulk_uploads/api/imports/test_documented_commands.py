"""The imports documentation's own curl commands, against a real server."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.api_client import program
from tests.bulk_uploads.api.imports.conftest import PATHS, upload_of
from tests.imports import run_to_end

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(shutil.which("curl") is None, reason="no curl found on PATH"),
]


def curl(address: str, *arguments: str, directory: Path) -> Any:
    result = subprocess.run(
        ["curl", "--silent", "--show-error", "--noproxy", "*", *arguments, address],
        cwd=directory,
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    return json.loads(result.stdout)


@pytest.mark.parametrize("path", PATHS, ids=["platform", "documented"])
def test_the_documented_commands_answer_in_the_documented_shapes(live_server, tmp_path, path):
    api_key = program().token.raw
    authorization = ("-H", f"Authorization: Bearer {api_key}")
    base = f"{live_server.url}{path}"
    (tmp_path / "catalog.csv").write_text(
        "EAN,Titre,Prix\n4006381333931,Crayon,1.50\ninvalid-ean,Gomme,0.80\n"
    )

    created = curl(
        base,
        *("-X", "POST"),
        *authorization,
        *("-F", "file=@catalog.csv"),
        *("-F", "format=csv"),
        *("-F", 'mapping={"EAN":"ean","Titre":"title","Prix":"price"}'),
        directory=tmp_path,
    )
    pending = curl(f"{base}/{created['id']}", *authorization, directory=tmp_path)
    run_to_end(upload_of(created["id"]))
    ended = curl(f"{base}/{created['id']}", *authorization, directory=tmp_path)
    errors = curl(f"{base}/{created['id']}/errors", *authorization, directory=tmp_path)

    assert created == {
        "id": created["id"],
        "status": "pending",
        "format": "csv",
        "total_rows": 0,
        "created_at": created["created_at"],
    }
    assert (pending["status"], pending["completed_at"]) == ("pending", None)
    assert ended == {
        "id": created["id"],
        "status": "completed_with_errors",
        "total_rows": 2,
        "processed_rows": 2,
        "created_rows": 1,
        "updated_rows": 0,
        "unchanged_rows": 0,
        "error_rows": 1,
        "created_at": created["created_at"],
        "completed_at": ended["completed_at"],
    }
    assert errors == {
        "data": [
            {
                "row": 3,
                "ean": "invalid-ean",
                "error": "validation_error",
                "message": "Invalid EAN format.",
            }
        ],
        "meta": {"page": 1, "per_page": 20, "total": 1},
    }
