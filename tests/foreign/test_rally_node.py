"""Broadcom's JavaScript client, unmodified, works the sandbox as it would work Rally."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from panopticon.sandbox.serve import Options, start

HERE = Path(__file__).parent / "rally-node"


@pytest.fixture(scope="module")
def modules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with the client in it; a checkout where `npm ci` was run serves as it is."""
    if not shutil.which("node") or not shutil.which("npm"):
        pytest.skip("no node and npm installed: the JavaScript client needs them")
    if (HERE / "node_modules" / "rally").is_dir():
        return HERE
    folder = tmp_path_factory.mktemp("rally-node")
    for path in HERE.glob("*.js*"):
        shutil.copy(path, folder)
    install = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
    done = subprocess.run(install, cwd=folder, capture_output=True, check=False, timeout=300)
    if done.returncode:
        pytest.skip(f"npm ci could not fetch the client: {done.stderr.decode()[-200:]}")
    return folder


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
