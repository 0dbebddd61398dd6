# The commands of this project; `make help` lists them.

VENV := .venv
PY := $(VENV)/bin/python
PIP := $(VENV)/bin/pip --disable-pip-version-check --quiet
PYTEST_ARGS ?= -n 3

.PHONY: help setup setup-dev run test lint format bench coverage

help: ## this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: $(PY) ## virtual environment with what the application needs
	@sum=$$(cksum < requirements.txt); \
	if [ "$$(cat $(VENV)/.runtime-packages 2>/dev/null)" != "$$sum" ]; then \
		echo "Installing packages ..." >&2; \
		$(PIP) install -r requirements.txt && echo "$$sum" > $(VENV)/.runtime-packages; \
	fi

setup-dev: $(PY) ## the same with what tests, lint and benchmarks need
	@sum=$$(cat requirements.txt requirements-dev.txt | cksum); \
	if [ "$$(cat $(VENV)/.development-packages 2>/dev/null)" != "$$sum" ]; then \
		echo "Installing packages ..." >&2; \
		$(PIP) install -r requirements-dev.txt && \
		cksum < requirements.txt > $(VENV)/.runtime-packages && \
		echo "$$sum" > $(VENV)/.development-packages; \
	fi
	@if [ ! -e $(VENV)/.browser-looked-for ] && ! command -v chromium >/dev/null 2>&1; then \
		touch $(VENV)/.browser-looked-for; \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then \
			echo "Installing chromium for the browser tests ..." >&2; \
			(apt-get update -qq && apt-get install -qq -y chromium chromium-driver) >/dev/null 2>&1 || true; \
		fi; \
		command -v chromium >/dev/null 2>&1 || echo "No chromium: browser tests will be skipped." >&2; \
	fi

$(PY):
	@python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed as python3." >&2; exit 1; }
	@python3 -m venv $(VENV) || \
		{ echo "python3 -m venv does not work here (Debian: apt-get install python3-venv)." >&2; exit 1; }

run: setup ## everything on this machine: web, workers, dispatcher, an example
	@exec $(PY) manage.py serve

test: setup-dev ## the whole test suite, on SQLite and on PostgreSQL
	@$(PY) -m tests.both_databases $(PYTEST_ARGS)

lint: setup-dev ## style, types, floors, templates, missing migrations
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports
	@$(VENV)/bin/djlint templates --check --lint || \
		{ echo "Templates are not in the house's format or style: 'make format', then look again." >&2; exit 1; }
	$(PY) manage.py makemigrations --check --dry-run

format: setup-dev ## put the code into the house's format
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .
	$(VENV)/bin/djlint templates --reformat --quiet

coverage: setup-dev ## which lines and branches the tests never reach (SQLite)
	$(PY) -m pytest $(PYTEST_ARGS) --cov --cov-report=term-missing

bench: setup-dev ## the benchmark suite; results in benchmarks/results/
	@$(PY) -m benchmarks
