# The verbs of the project. `make demo` and `make test` do all the set-up themselves.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
.DEFAULT_GOAL := help
.PHONY: help demo test test-slow coverage floors check fix docs lock bench clean

help: ## show this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

$(VENV)/.run: requirements/run.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PYTHON=python3.11 …"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/run.txt
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/build.txt
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements/dev.txt
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

demo: $(VENV)/.run ## run the main job: sandbox, sync, board; no account, no key (ARGS="--port 3012")
	$(BIN)/pan demo $(ARGS)

# The floors are what was measured, rounded down. Measuring itself imports what help must not.
IMPORTS := tests/cli/test_run.py::test_help_imports_no_heavy_library
MEASURED := --cov --cov-report= --cov-fail-under=94 --deselect $(IMPORTS)

test: $(VENV)/.dev ## pass the everyday tests (MEASURE=1: and see what they run)
	$(BIN)/python -m pytest -n 2 -m "not slow and not browser and not foreign" $(if $(MEASURE),$(MEASURED))

test-slow: $(VENV)/.dev ## pass the slow groups: real browsers, foreign clients, explorations
	$(BIN)/python -m pytest -n 2 -m "slow or browser or foreign"

floors: $(VENV)/.dev ## look at what `make test MEASURE=1` has measured; fails below the floors
	$(BIN)/python -m pytest -q $(IMPORTS)
	$(BIN)/coverage report --include='*/model/*,*/errors.py' --fail-under=100

coverage: ## both at once
	$(MAKE) test MEASURE=1
	$(MAKE) floors

check: $(VENV)/.dev ## lint, types, architecture, dependencies, generated docs: what CI runs before the tests
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/deptry src
	$(BIN)/python scripts/docs.py --check

fix: $(VENV)/.dev ## mend what can be mended by itself
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

docs: $(VENV)/.dev ## write the generated pages anew
	$(BIN)/python scripts/docs.py

lock: ## compile the locked requirements anew (needs uv)
	uv pip compile -q --universal --generate-hashes --no-header --python-version 3.11 pyproject.toml -o requirements/run.txt
	uv pip compile -q --universal --generate-hashes --no-header --python-version 3.11 --group build -o requirements/build.txt
	uv pip compile -q --universal --generate-hashes --no-header --python-version 3.11 pyproject.toml --group dev --group build -o requirements/dev.txt

bench: $(VENV)/.dev ## list the benches
	$(BIN)/python -m bench

clean: ## forget the environment and the caches
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
