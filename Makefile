# Everything sets itself up: a fresh machine needs Python 3.11+, make and git, nothing else.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip --disable-pip-version-check --quiet
LINTED := framework codemods templates orchestra_cli tests

.DEFAULT_GOAL := help
.PHONY: help demo test check bench corpus soak crash docs lock clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(VENV)/.demo ## migrate the bundled legacy application and show every step
	$(BIN)/orchestra demo

test: $(VENV)/.dev ## run the tests, with seeded samples of what `make soak` runs in full
	$(BIN)/python -m pytest -n 2 --cov --cov-report=term

check: $(VENV)/.dev ## ruff, mypy, pyright, the import contracts and our own lint
	$(BIN)/ruff check $(LINTED)
	$(BIN)/ruff format --check $(LINTED)
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(BIN)/pyright
	$(BIN)/orchestra lint

bench: $(VENV)/.bench ## measure every target as a ratio; fails beyond 1.5 times a target
	$(BIN)/python -m tests.benchmarks

corpus: $(VENV)/.dev ## scan and migrate pinned packages from PyPI
	$(BIN)/python -m tests.corpus.scan_corpus
	$(BIN)/python -m tests.corpus.round_trip
	$(BIN)/python -m tests.corpus.migrate_corpus
	$(BIN)/python -m tests.corpus.migrate_corpus --placement move

soak: $(VENV)/.dev ## run in full what the tests sample
	$(BIN)/python -m pytest -n 2 --soak

crash: $(VENV)/.dev ## kill, stop and replace workers in every way; prints the table of docs/durable.md
	$(BIN)/python -m tests.durable.crashing.matrix

docs: $(VENV)/.dev ## write docs/reference from the code
	$(BIN)/python -m orchestra_cli.reference docs/reference

lock: ## solve the environments again after a change of dependencies
	$(PYTHON) -m venv .cache/lock && .cache/lock/bin/pip install --quiet 'uv>=0.9,<1'
	for extra in dev demo bench; do \
	  .cache/lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	    --no-emit-index-url --no-emit-find-links --no-header --no-annotate --extra $$extra \
	    $$([ $$extra = dev ] || echo --constraints requirements/dev.txt) \
	    pyproject.toml requirements/build.in --output-file requirements/$$extra.txt || exit 1; \
	done

clean: ## remove what the targets made
	rm -rf $(VENV) .cache build dist .coverage .coverage.* .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed, this is " + sys.version) if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)

# An environment is its lock plus this tree, editable; the build back end is in the lock, so nothing else is fetched.
# A lock is complete, so nothing is resolved: older pips look for an extra of a locked package (coverage[toml]) anew, and
# fail as soon as there is a newer release of it than the locked one.
$(VENV)/.%: requirements/%.txt pyproject.toml | $(VENV)/bin/python
	$(PIP) install --no-deps --require-hashes --requirement $<
	$(PIP) install --no-deps --no-build-isolation --editable .
	touch $@
