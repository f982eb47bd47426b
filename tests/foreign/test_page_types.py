"""The TypeScript compiler reads the page's modules: what their JSDoc says holds."""

import subprocess
from pathlib import Path

import pytest

from tests.foreign.node import installed

HERE = Path(__file__).parent / "page-types"


@pytest.mark.foreign
@pytest.mark.requirement("foreign:page:types")
def test_the_modules_of_the_page_keep_their_types(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    compiler = installed(HERE, "typescript", tmp_path_factory) / "node_modules/typescript/bin/tsc"
    done = subprocess.run(
        ["node", str(compiler), "--project", str(HERE / "tsconfig.json"), "--pretty", "false"],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.stdout == ""
    assert done.returncode == 0
