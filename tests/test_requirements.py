"""Every behaviour has a test and every test names a behaviour: checked both ways."""

import ast
import importlib
import pkgutil
from pathlib import Path

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


def claimed() -> tuple[set[str], list[str]]:
    """Collect the behaviours that tests claim, and the tests that claim none."""
    ids: set[str] = set()
    bare: list[str] = []
    for path in sorted(TESTS.rglob("test_*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        module = _marks([n.value for n in tree.body if _is_pytestmark(n)])
        ids |= module
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef) and node.name.startswith("Test"):
                ids |= _marks(node.decorator_list)
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                own = _marks(node.decorator_list)
                ids |= own
                if not own and not module:
                    bare.append(f"{path.relative_to(TESTS)}::{node.name}")
    return ids, bare


def _is_pytestmark(node: ast.stmt) -> bool:
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
