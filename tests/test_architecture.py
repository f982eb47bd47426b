"""The shape of the code: sizes, forbidden names, and nothing of the machine it was made on."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = sorted((ROOT / "src").rglob("*.py"))
FILE_LIMIT = 300
FUNCTION_LIMIT = 40


@pytest.mark.requirement("house:size:files")
def test_files_stay_small() -> None:
    sizes = {str(p.relative_to(ROOT)): len(p.read_text().splitlines()) for p in SOURCES}
    assert {name: size for name, size in sizes.items() if size > FILE_LIMIT} == {}


@pytest.mark.requirement("house:size:functions")
def test_functions_stay_short() -> None:
    long = {
        f"{path.relative_to(ROOT)}:{node.name}": node.end_lineno - node.lineno + 1
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno + 1 > FUNCTION_LIMIT
    }
    assert long == {}


@pytest.mark.requirement("house:names:no-drawers")
def test_no_file_is_a_drawer() -> None:
    drawers = {"utils", "util", "helpers", "helper", "common", "manager", "misc"}
    assert [p for p in SOURCES if p.stem in drawers] == []


@pytest.mark.requirement("house:names:no-machine")
def test_nothing_names_the_machine_it_was_made_on() -> None:
    listing = subprocess.run(
        ["git", "ls-files", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listing.returncode:
        pytest.skip("not a git checkout: nothing to list")
    pattern = re.compile(
        r"/wor[k]/(main|shared|notes|\.library)|pyp[i]\.org|registr[y]\.npmjs|pythonhoste[d]"
    )
    found = []
    for name in listing.stdout.decode().split("\0"):
        path = ROOT / name
        if not name or not path.is_file() or path.suffix in {".png", ".woff2"}:
            continue
        if pattern.search(path.read_text(encoding="utf-8", errors="replace")):
            found.append(name)
    assert found == []


@pytest.mark.requirement("house:http:one-door")
def test_no_source_asks_the_network_past_the_http_client() -> None:
    doors = {"urllib.request", "http.client", "ftplib", "smtplib", "xmlrpc.client"}
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Import | ast.ImportFrom) and _imported(node) & doors
    ]
    assert found == []


def _imported(node: ast.Import | ast.ImportFrom) -> set[str]:
    names = {alias.name for alias in node.names}
    if isinstance(node, ast.Import) or not node.module:
        return names
    return {node.module, *(f"{node.module}.{name}" for name in names)}
