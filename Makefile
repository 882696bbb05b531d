# Holdfast: everything a developer runs. `make` alone lists the targets.

PYTHON := $(shell for python in python3 python3.13 python3.12 python3.11 python3.14 python; do \
	"$$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' 2>/dev/null \
	&& command -v "$$python" && break; done)
VENV := .venv/bin/python
PYTEST_ARGS ?=
# Whoever is free takes the next test: the long ones come first, so nobody is left with one.
PYTEST := $(VENV) -m pytest -n auto --dist load --maxschedchunk 1

# Without a home of its own a tool would write to the root of the file system.
ifeq ($(strip $(HOME)),)
export HOME := $(CURDIR)/var/home
endif

# Dozens of Python processes start here: each would compile Django anew where this is forbidden.
export PYTHONDONTWRITEBYTECODE :=
export PYTHONPYCACHEPREFIX := $(CURDIR)/var/bytecode

.DEFAULT_GOAL := help
.PHONY: help demo manage test test-all lint format bench coverage faults audit pictures lock doctor \
	clean python local-requirements dev-requirements browser

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

demo: local-requirements ## run the whole shop on http://localhost:4242 (PORT=… for another port)
	@exec $(VENV) -m local.demo --end-with-parent

manage: local-requirements ## run a command on the running demo (DO="explain_order HF-…", DO=help)
	@$(VENV) -m local.demo.manage $(DO)

test: dev-requirements browser ## lint, and all tests but the long proofs (PYTEST_ARGS="-k cart" for some)
	@$(PYTEST) --lint --few-examples -m "smoke or not proof" $(PYTEST_ARGS)

test-all: dev-requirements browser ## lint, and all tests: house, browser, faults, clients, processes
	@$(PYTEST) --lint $(PYTEST_ARGS)

lint: dev-requirements ## style, types, layers, templates, migrations, lock files
	@$(VENV) -m local.checks.lint

format: dev-requirements ## bring code and templates into shape
	@$(VENV) -m ruff check --fix --quiet .
	@$(VENV) -m ruff format .
	@$(VENV) -m djlint templates --reformat --quiet

bench: dev-requirements ## measure: checkout, webhooks, pages, a slow Stripe (PART=slow_stripe: that alone)
	@$(VENV) -m benchmarks $(PART)

coverage: dev-requirements ## which branches of payments and fulfillment their own tests take
	@$(PYTEST) tests/payments tests/fulfillment --cov=payments --cov=fulfillment \
		--cov-report=term:skip-covered $(PYTEST_ARGS)

faults: dev-requirements ## kill, stall and repeat everything, and look whether it still adds up
	@$(PYTEST) tests/faults $(PYTEST_ARGS)

audit: dev-requirements ## ask whether weaknesses of the packages in use are known
	@$(VENV) -m local.checks.audit

pictures: dev-requirements ## render the sample range's drawings whose pictures are missing
	@$(VENV) -m sample.render

lock: dev-requirements ## write requirements/*.txt from requirements/*.in
	@$(VENV) -m local.checks.requirements

doctor: local-requirements ## say what is wrong here, and in a demo that runs, and how to mend it
	@$(VENV) -m local.demo.doctor

clean: python ## remove the demo's data and everything that can be made again, except .venv
	@"$(PYTHON)" -m local.setup.clean

local-requirements: python
	@"$(PYTHON)" local/setup/install.py local

dev-requirements: python
	@"$(PYTHON)" local/setup/install.py dev

browser: dev-requirements
	@$(VENV) -m local.setup.browser

python:
	@test -n "$(PYTHON)" || { echo "Holdfast needs Python 3.11 or newer, and no python3 here is." \
		"Install one (on Debian: apt install python3 python3-venv) and try again."; exit 2; }
