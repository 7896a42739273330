# make help lists what there is. Nothing here needs root.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Compiled once here: where Python may not write bytecode, every process would compile anew.
UV := $(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python
BYTECODE := $(BIN)/python -m compileall -q monitor spiders
COMPILE := $(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 \
	--generate-hashes --no-header --no-emit-index-url --quiet

.DEFAULT_GOAL := help
.PHONY: help demo test lint format bench docs words lock clean

help: ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

demo: $(VENV)/runs ## crawl a sample news web on this machine, twice, and show the result
	@$(BYTECODE)
	@$(BIN)/monitor demo

test: $(VENV)/tests ## run all tests; what this machine can not run is named at the end
	@$(BYTECODE)
	$(BIN)/pytest -n auto --dist loadfile

lint: $(VENV)/tests ## format, lint, layers, types, licences, references, deploy/
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports --no-logo 2>/dev/null || $(BIN)/lint-imports
	$(BIN)/mypy
	$(BIN)/python .ci/licences.py
	$(BIN)/python .ci/docs.py
	$(BIN)/python .ci/deploy.py

format: $(VENV)/tests ## let ruff format and mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/tests ## the benchmarks of tests/benchmarks that need no other data
	$(BIN)/python -m tests.benchmarks.loop
	$(BIN)/python -m tests.benchmarks.schedule
	$(BIN)/python -m tests.benchmarks.tick
	$(BIN)/python -m tests.benchmarks.health
	$(BIN)/python -m tests.benchmarks.slow_hosts
	$(BIN)/python -m tests.benchmarks.soak

docs: $(VENV)/runs ## write what is generated: the references in docs/, NOTICE
	$(BIN)/python .ci/docs.py --write
	$(BIN)/python .ci/licences.py --write

words: $(VENV)/tests ## collect the words of the review site into its catalogues
	$(BIN)/python .ci/words.py

lock: $(VENV)/uv ## write the hashed requirements anew
	$(COMPILE) --upgrade -o requirements.txt
	$(COMPILE) --upgrade --extra test --extra lint -o requirements-dev.txt

clean: ## remove what was made
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

$(VENV)/uv:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; set PYTHON=")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@touch $@

$(VENV)/runs: $(VENV)/uv requirements.txt pyproject.toml
	$(UV) --require-hashes -r requirements.txt
	$(UV) --no-deps -e .
	@touch $@

$(VENV)/tests: $(VENV)/runs requirements-dev.txt
	$(UV) --require-hashes -r requirements-dev.txt
	@touch $@
