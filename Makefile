# Everything runs in .venv, made from the hashed pins in requirements/. `make` lists the targets.
PYTHON ?= python3
SERVE ?= 1
PORT ?= 8501
UV := $(shell command -v uv 2>/dev/null || echo .tools/bin/uv)
BIN := .venv/bin
SETUP := .venv/.ready

# Bytecode is kept, whatever the environment says: without it each of the many processes that the
# gate and the demo start compiles some 3,000 modules anew, five seconds of work.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup demo dashboard test test-slow lint types unit bench wheel pins format clean

help: ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup: $(SETUP) ## install everything into .venv (gets uv when it is missing)

$(SETUP): requirements/dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; $(PYTHON) is $$($(PYTHON) -V). Try: make PYTHON=python3.12"; exit 1; }
	@command -v "$(UV)" >/dev/null || \
	  { $(PYTHON) -m venv .tools && .tools/bin/python -m pip install -q --require-hashes -r requirements/uv.txt; }
	$(UV) venv -q --clear --python $(PYTHON) .venv
	$(UV) pip sync -q --python $(BIN)/python --require-hashes requirements/dev.txt
	$(UV) pip install -q --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@

demo: setup ## the whole way on real flights, then the dashboard (SERVE=0 ends after the verdict)
	$(BIN)/understudy demo demo-study --port $(PORT) $(if $(filter 0,$(SERVE)),--no-serve,)

dashboard: setup ## serve the dashboard of the demo study
	$(BIN)/understudy dashboard demo-study --port $(PORT)

test: lint types unit ## the whole gate

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: setup
	$(BIN)/mypy

# The gate in parts, four at a time and the longest first: most tests start processes and wait for
# them. Every test is in one part; what is in no other is in the last. All run, also after a fault.
PARTS := part-dashboard part-a-c part-p-q part-d-o part-r part-s-z part-rest
part-a-c: TESTS := tests/pipelines/test_[a-c]*.py
part-d-o: TESTS := tests/pipelines/test_[d-o]*.py
part-p-q: TESTS := tests/pipelines/test_[pq]*.py
part-r: TESTS := tests/pipelines/test_r*.py
part-s-z: TESTS := tests/pipelines/test_[!a-r]*.py
part-dashboard: TESTS := dashboard tests/dashboard
part-rest: TESTS := --ignore=tests/pipelines --ignore=dashboard --ignore=tests/dashboard

.PHONY: $(PARTS)
unit: setup
	@$(MAKE) --no-print-directory -k -j4 $(PARTS)

$(PARTS): setup
	$(BIN)/python -m pytest -m "not slow" $(TESTS)

test-slow: setup ## long simulations of coverage and false GO
	$(BIN)/python -m pytest -m slow

bench: setup ## five million cases, as ratios against raw DuckDB
	$(BIN)/python -m benchmarks.full

wheel: setup ## build the wheel
	$(UV) build -q --wheel --no-build-isolation --python $(BIN)/python

format: setup ## put the code in order
	$(BIN)/ruff check -q --fix . ; $(BIN)/ruff format -q .

pins: ## resolve the dependencies anew
	$(UV) pip compile -q --universal --generate-hashes --no-header --python-version 3.11 --all-extras --group dev --group oracles pyproject.toml -o requirements/dev.txt
	$(UV) pip compile -q --universal --generate-hashes --no-header --python-version 3.11 --extra dashboard pyproject.toml -o requirements/service.txt
	echo "uv" | $(UV) pip compile -q --universal --generate-hashes --no-header --python-version 3.11 - -o requirements/uv.txt

clean: ## remove what the tools made; studies stay
	rm -rf .venv .tools dist build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
