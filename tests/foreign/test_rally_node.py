"""Broadcom's JavaScript client, unmodified, works the sandbox as it would work Rally."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from panopticon.sandbox.serve import Options, start
from tests.foreign.node import installed

HERE = Path(__file__).parent / "rally-node"


@pytest.fixture(scope="module")
def modules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return installed(HERE, "rally", tmp_path_factory)


@pytest.fixture(scope="module")
def seen(modules: Path) -> Any:
    with start(Options(stories=300, seed=3)) as box:
        places = [f"/workspace/{box.workspace_oid}", f"/project/{box.project_oid}"]
        done = subprocess.run(
            ["node", "scenario.js", box.url, box.api_key, *places],
            cwd=modules,
            env={"PATH": os.environ["PATH"], "NODE_NO_WARNINGS": "1"},  # noqa: TID251
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.foreign
@pytest.mark.requirement("foreign:node:scenario")
def test_a_full_scenario(seen: Any) -> None:
    assert seen["nested"]
    assert all(state == "Defined" and (free or size > 3) for state, size, free in seen["nested"])
    assert len(seen["paged"]) == len(set(seen["paged"])) == seen["total"] > 120
    assert (seen["created"], seen["updated"]) == ("from node", 8)
    assert (seen["tags"], seen["untagged"], seen["comments"]) == (["node-tag"], 0, ["hello"])
    assert seen["top"] == "from node"


@pytest.mark.foreign
@pytest.mark.requirement("foreign:node:scenario")
def test_errors_are_the_real_ones(seen: Any) -> None:
    assert seen["gone"] == ["Cannot find object to read"]
    assert 'expected ")" but saw "AND"' in seen["parse"][0]
    assert seen["type"] == ['Requested type name "iamnotarealone" is unknown.']
    assert "valid set is" in seen["choice"][0]
    assert seen["feature"] == "PortfolioItem/Feature"
