"""Every behaviour has a test and every test names a behaviour: checked both ways."""

import ast
import importlib
import pkgutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TypeGuard

import pytest

from tests import requirements

TESTS = Path(__file__).parent


def declared() -> dict[str, str]:
    """Collect the behaviours of every area."""
    found: dict[str, str] = {}
    for module in pkgutil.iter_modules(requirements.__path__):
        area = importlib.import_module(f"tests.requirements.{module.name}").REQUIREMENTS
        assert not found.keys() & area.keys(), f"{module.name} declares a behaviour twice"
        found.update(area)
    return found


def trees() -> Iterator[tuple[Path, ast.Module]]:
    """Read every file that holds tests: the contracts' own among them."""
    for path in sorted([*TESTS.rglob("test_*.py"), *(TESTS / "contracts").glob("*.py")]):
        yield path, ast.parse(path.read_text(encoding="utf-8"))


def claimed() -> tuple[set[str], list[str]]:
    """Collect the behaviours that tests claim, and the tests that claim none.

    A class claims nothing: what it inherits could vanish unseen.
    """
    ids: set[str] = set()
    bare: list[str] = []
    for path, tree in trees():
        module = _marks([n.value for n in tree.body if _is_pytestmark(n)])
        tests = [
            node
            for node in ast.walk(tree)
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            and node.name.startswith("test_")
        ]
        ids |= module if tests else set()
        for node in tests:
            own = _marks(node.decorator_list)
            ids |= own
            if not own and not module:
                bare.append(f"{path.relative_to(TESTS)}::{node.name}")
    return ids, bare


def _is_pytestmark(node: ast.stmt) -> TypeGuard[ast.Assign]:
    return isinstance(node, ast.Assign) and any(
        isinstance(target, ast.Name) and target.id == "pytestmark" for target in node.targets
    )


def _marks(nodes: list[ast.expr]) -> set[str]:
    return {
        arg.value
        for root in nodes
        for node in ast.walk(root)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "requirement"
        for arg in node.args
        if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
    }


@pytest.mark.requirement("house:requirements:both-ways")
def test_behaviours_and_tests_match() -> None:
    ids, bare = claimed()
    wanted = declared()
    assert sorted(wanted.keys() - ids) == [], "behaviours without a test"
    assert sorted(ids - wanted.keys()) == [], "tests of behaviours nobody declared"
    assert bare == [], "tests that name no behaviour"


@pytest.mark.requirement("house:requirements:contracts-run")
def test_every_contract_is_run_by_two_subjects() -> None:
    classes = [
        (path, node)
        for path, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    ]
    contracts = {node.name for path, node in classes if path.parent.name == "contracts"}
    contracts = {name for name in contracts if name.endswith("Contract")}
    runs = Counter(
        base.id
        for path, node in classes
        if path.name.startswith("test_") and node.name.startswith("Test")
        for base in node.bases
        if isinstance(base, ast.Name)
    )
    assert contracts
    assert {name: runs[name] for name in contracts if runs[name] < 2} == {}
