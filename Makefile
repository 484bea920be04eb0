# Only for work on the template; the generated project needs uv alone.

# uv from PATH, or one inside this checkout.
ifeq ($(shell command -v uv 2>/dev/null),)
UV := .tools/bin/uv
export PATH := $(CURDIR)/.tools/bin:$(PATH)
else
UV := uv
endif

# Hand pip's settings on to uv where uv has none of its own. pip separates with spaces, uv here with commas.
space := $() $()
comma := ,
ifdef PIP_FIND_LINKS
export UV_FIND_LINKS ?= $(subst $(space),$(comma),$(strip $(PIP_FIND_LINKS)))
endif
ifdef PIP_INDEX_URL
export UV_DEFAULT_INDEX ?= $(PIP_INDEX_URL)
endif
ifdef PIP_EXTRA_INDEX_URL
export UV_INDEX ?= $(PIP_EXTRA_INDEX_URL)
endif
ifdef PIP_CERT
export SSL_CERT_FILE ?= $(PIP_CERT)
endif

# Without bytecode every process compiles torch and lightning anew (10 s each).
unexport PYTHONDONTWRITEBYTECODE
unexport VIRTUAL_ENV

.PHONY: help demo test test-fast test-all lint format docs clean
.DEFAULT_GOAL := help

help: ## Show the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' Makefile

demo: | $(UV) ## Generate a project into build/demo and run its whole pipeline (one to two minutes)
	@$(UV) run --quiet --no-project --python '>=3.11,<3.14' python scripts/demo.py

# One worker per file, so that a file's real project is made once.
PYTEST := $(UV) run pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder

test: | $(UV) ## What every change must pass (a quarter of an hour)
	$(PYTEST) -m "not full"

test-fast: | $(UV) ## Sources and bakes, no real project (two to three minutes)
	$(PYTEST) -m "not slow and not full"

test-all: | $(UV) ## Everything, with the canvas experiment and many kills (one to two hours)
	$(PYTEST)

lint: | $(UV) ## Check the style of the template itself
	$(UV) run ruff check benchmarks hooks scripts tests
	$(UV) run ruff format --check benchmarks hooks scripts tests

format: | $(UV) ## Mend it
	$(UV) run ruff check --fix benchmarks hooks scripts tests
	$(UV) run ruff format benchmarks hooks scripts tests

docs: | $(UV) ## Build the site of docs/ into build/site
	$(UV) run zensical build --strict

clean: ## Remove what make has built
	rm -rf build .cache .pytest_cache .ruff_cache

# Debian's pip installs outside a virtual environment only with --target; some machines have no pip at all.
.tools/bin/uv:
	@echo "uv is not on PATH: installing it into .tools, for this checkout only"
	@python3 -m pip install --quiet --target .tools uv || \
	  { rm -rf .tools && python3 -m venv .tools && .tools/bin/python -m pip install --quiet uv; } || \
	  { rm -rf .tools; echo "uv could not be installed. Install it by hand (https://docs.astral.sh/uv/), then run make again." >&2; exit 1; }

.PHONY: uv
uv: ;
