"""schemathesis reads the API's own description and sends whatever that allows, and worse."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.web.served import served
from tests.web.trackers import desk_at

CHECKS = (
    "not_a_server_error",
    "content_type_conformance",
    "status_code_conformance",
    "response_schema_conformance",
    "ignored_auth",
)
PROGRAM = Path(sys.executable).with_name("schemathesis")


@pytest.mark.foreign
@pytest.mark.requirement("foreign:schemathesis:robust")
@pytest.mark.requirement("foreign:schemathesis:described")
def test_whatever_is_sent_the_api_answers_as_described(tmp_path: Path) -> None:
    with desk_at(tmp_path) as desk, served(desk.ctx) as (_, ready):
        done = subprocess.run(
            [
                *(str(PROGRAM), "run", f"{ready['url']}/api/openapi.json"),
                *("--header", f"Authorization: Bearer {ready['token']}"),
                *("--checks", ",".join(CHECKS), "--exclude-path", "/api/events"),
                *("--phases", "examples,coverage,fuzzing", "--max-examples", "30"),
                *("--seed", "17", "--continue-on-failure", "--no-color", "--warnings", "off"),
                *("--suppress-health-check", "all", "--generation-database", "none"),
            ],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
        )
    assert done.returncode == 0, done.stdout[-12_000:] + done.stderr[-2000:]
