# The commands a person needs. `make help` lists them, each with the time it takes on two cores.
PYTHON ?= python3
BIN := .venv/bin
export PORT ?= 8000
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help run install system test quick coverage attack bench lock clean
.DEFAULT_GOAL := help

help: ## list the commands | at once
	@awk -F ':.*## | [|] ' '/^[a-z-]+:.*## / {printf "make %-9s %-18s %s\n", $$1, $$3, $$2}' $(MAKEFILE_LIST)

run: .venv/.run ## start the demo on http://127.0.0.1:8000 (PORT=…, INSTANCE=…) | 2 min, then 5 s
	@$(BIN)/python -m survey

install: .venv/.run ## install what a server needs; docs/operating.md tells the rest | 2 min

system: ## make the accounts, folders and services of deploy/ on this machine, as root; changes nothing that is there | at once
	@sh deploy/system.sh

test: .venv/.test ## install what the tests need and run them all | up to an hour
	@sh tests/chromium.sh
	@sh tests/proxies.sh
	@sh tests/cluster.sh
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -n 2 --dist loadgroup -p no:cacheprovider

quick: .venv/.test ## the tests without a browser, without attacks and without the slow ones | 15 min
	$(BIN)/python -m pytest -n 2 --dist loadgroup -m "not browser and not slow" --ignore=tests/attacks

coverage: .venv/.test ## count the lines that the tests without a browser and without attacks go through | 20 min
	$(BIN)/python -m pytest -n 2 --dist loadgroup -m "not browser" --ignore=tests/attacks --cov=survey --cov=analysis --cov-report=term:skip-covered

attack: .venv/.test .venv/attack/.done ## run every attack in full and write docs/privacy-report.md | 30 to 90 min
	@sh tests/chromium.sh
	@sh tests/proxies.sh
	@sh tests/cluster.sh
	$(BIN)/python -m tests.attacks.report

bench: .venv/.test ## print the table of figures that the README carries | 10 min
	@$(BIN)/python -m bench

# What stands in the lists stays while it fits pyproject.toml; `make lock UPGRADE=--upgrade` takes the newest of all.
lock: .venv/.test ## write the three lists of packages anew from pyproject.toml, with hashes | 15 s
	$(BIN)/uv pip compile --quiet $(UPGRADE) pyproject.toml --output-file requirements.txt
	$(BIN)/uv pip compile --quiet $(UPGRADE) pyproject.toml --group dev --output-file requirements-dev.txt
	$(BIN)/uv pip compile --quiet $(UPGRADE) --group attack $(SOURCE) --no-emit-build-options --no-emit-find-links --output-file requirements-attack.txt

clean: ## remove the packages; the instance folder stays | at once
	rm -rf .venv

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed: make run PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -m venv .venv \
	  || { rm -rf .venv; echo "Python's venv module is missing; on Debian and Ubuntu it is the package python3-venv."; exit 1; }

.venv/.run: requirements.txt | .venv/bin/python
	@echo "Installing packages (the first time takes a minute or two) …"
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements.txt
	@touch $@

# The scanners have packages of their own, apart from ours. Only one has no wheel, and only Python 3.11 wants it. The list is
# whole, so pip looks for nothing beyond it: Wapiti names versions of its proxy that are source archives.
SOURCE := --only-binary :all: --no-binary yaswfp
.venv/attack/.done: requirements-attack.txt | .venv/bin/python
	@echo "Installing the scanners …"
	@$(PYTHON) -m venv .venv/attack
	@.venv/attack/bin/python -m pip install --quiet --require-hashes --no-deps $(SOURCE) -r requirements-attack.txt
	@touch $@

.venv/.test: requirements-dev.txt | .venv/bin/python
	@echo "Installing packages for the tests …"
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements-dev.txt
	@touch $@ .venv/.run
