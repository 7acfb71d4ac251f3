# What a developer does, in words: `make help` lists it.
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO := demo
export PYTHONDONTWRITEBYTECODE =

.PHONY: help setup demo test check format bench eval docs clean

help:  ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(VENV)/.ready  ## Make the environment in .venv

$(VENV)/.ready: pyproject.toml constraints.txt bin/coord bin/git-coord
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "coord needs Python 3.11 or newer; run make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	$(BIN)/python -m compileall -q src $(VENV)/lib || true
	@touch $@

demo: setup  ## Make a hub with real data and show what it answers
	@rm -rf $(DEMO)
	@$(BIN)/coord init --demo $(DEMO)
	@echo; echo '$$ coord status'; $(BIN)/coord --hub $(DEMO) status
	@echo; echo '$$ coord ready --limit 10'; $(BIN)/coord --hub $(DEMO) ready --limit 10
	@echo; echo '$$ coord blocked'; $(BIN)/coord --hub $(DEMO) blocked
	@echo; echo 'The hub is in ./$(DEMO); try: cd $(DEMO) && ../$(BIN)/coord graph'

test: setup  ## Run all tests; TEST= are further options
	$(BIN)/python -m pytest $(TEST)

check: setup  ## Format, lint, types, layers, generated files
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python scripts/generate.py --check

format: setup  ## Format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: setup  ## Measure, as ratios against baselines run beside (PEERS=1 adds other trackers)
	$(BIN)/python -m tests.bench $(if $(PEERS),--peers)

eval: setup  ## Measure how well search finds what it should (REPOS="DIR DIR" adds repositories)
	$(BIN)/python -m tests.eval $(REPOS)

docs: setup  ## Renew the generated pages and schemas
	$(BIN)/python scripts/generate.py

clean:  ## Remove what make made
	rm -rf $(VENV) $(DEMO) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .venv-bench
