# Everything a person needs: `make serve` opens the site, `make test` runs the tests.
# Only Python 3.11 or newer is needed; uv is used where it is installed.
PORT ?= 8001
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin

.PHONY: setup serve test lint types check build schema clean

setup: $(VENV)/.done

$(VENV)/.done: pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed: install it, or run make PYTHON=/path/to/python3.11"; exit 1; }
	@if command -v uv >/dev/null 2>&1; then \
		uv venv --quiet --allow-existing --python "$(PYTHON)" $(VENV) && uv pip install --quiet --python $(BIN)/python -e '.[dev]'; \
	else \
		$(PYTHON) -m venv $(VENV) && $(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'; \
	fi
	@touch $@

serve: setup
	@$(BIN)/evidence serve --port $(PORT)

test: setup
	@$(BIN)/python -m pytest -n 2 --dist loadfile

lint: setup
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: setup
	@$(BIN)/mypy

check: setup
	@$(BIN)/evidence check

build: setup
	@$(BIN)/evidence build

schema: setup
	@$(BIN)/evidence schema

clean:
	@rm -rf $(VENV) build dist evidence.db
