# make help lists what there is.
PYTHON ?= python3
BIN := .venv/bin
TYPED := monitor/model.py monitor/ports.py monitor/errors.py monitor/settings.py monitor/urls.py monitor/deliver monitor/sources/due.py

.PHONY: help lint test clean
help: ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

.venv/ready: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip install --quiet --python $(BIN)/python -e '.[test,lint]'
	touch $@

lint: .venv/ready ## ruff and mypy
	$(BIN)/ruff check monitor spiders tests
	$(BIN)/mypy $(TYPED)

test: .venv/ready ## the tests
	$(BIN)/pytest -rs

clean: ## remove what was made
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache
