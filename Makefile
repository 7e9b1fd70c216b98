# Needs only python3 (3.11 or newer) with its venv module, and make.
# The locked dependencies go into .venv, put there by a pinned uv that lives in .uv.

PYTHON ?= python3
UV := .uv/bin/uv
UV_VERSION := 0.13.9
PY := .venv/bin/python

export UV_PYTHON_DOWNLOADS := never
unexport VIRTUAL_ENV
unexport PYTHONDONTWRITEBYTECODE  # what a run compiles is kept for the next: seconds of each run of the tests

.DEFAULT_GOAL := help
.PHONY: help try test content coverage mutants weights browser check dyno other-names format schema lock faults attacks bench clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(UV):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "python3 is too old: this needs Python 3.11 or newer (set PYTHON=…)" >&2; exit 1; }
	@echo "Setting up (once): fetching uv $(UV_VERSION) …"
	@$(PYTHON) -m venv .uv
	@.uv/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

.venv/.ready: pyproject.toml uv.lock | $(UV)
	@echo "Setting up: installing the locked dependencies into .venv …"
	@$(UV) sync --locked --quiet --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')"
	@touch $@

try: .venv/.ready ## see the bot answer, and try it in a browser, without Slack
	@$(PY) -m slackbot ask kawasaki
	@$(PY) -m slackbot playground --open

# On all cores; a file's tests on one of them, since they share what takes long to set up.
AT_ONCE := --numprocesses=auto --dist=loadfile --no-loadscope-reorder

test: .venv/.ready ## run the tests (MEASURE=1: and measure what they reach, for `make coverage MEASURE=1` to show)
ifdef MEASURE
	@$(PY) -m coverage erase
	@$(PY) -m coverage run -m pytest --ignore=tests/browser $(AT_ONCE)
	@$(PY) -m coverage combine --quiet
else
	@$(PY) -m pytest --ignore=tests/browser $(AT_ONCE)
endif

# Lines and branches, in per cent, that the tests must reach of each room.
GOALS := *.py:97 words/*:97 content/*:100 matching/*:100 cards/*:100 signing/*:97 work/*:100 slack/*:97

coverage: .venv/.ready ## measure what the tests reach of each room (ARGS=--fail: fail where it is too little)
	@$(if $(MEASURE),,$(MAKE) --no-print-directory test MEASURE=1)
	@$(PY) -m coverage report
	@status=0; \
	for goal in $(foreach goal,$(GOALS),'$(goal)'); do \
	  files="slackbot/$${goal%:*}" least=$${goal#*:}; \
	  share=$$($(PY) -m coverage report --format=total --include="$$files") || exit; \
	  verdict=$$(awk "BEGIN { print ($$share < $$least) ? \"too little\" : \"\" }"); \
	  printf '%-20s %5s %%, at least %3s %% %s\n' "$$files" "$$share" "$$least" "$$verdict"; \
	  [ -z "$$verdict" ] || status=1; \
	done; \
	[ "$(ARGS)" != --fail ] || exit $$status

MODULES := slackbot.content.checks slackbot.slack.payloads slackbot.work

mutants: .venv/.ready | $(UV) ## change the code on purpose, and see which changes no test notices (MODULES=…)
	@$(UV) sync --locked --quiet --inexact --group mutants
	@rm -rf mutants
	@$(PY) tests/mutants.py $(ARGS) $(MODULES)

weights: .venv/.ready | $(UV) ## learn what words around a name weigh from tests/readings (ARGS=--write: write them)
	@$(UV) sync --locked --quiet --inexact --group weights
	@$(PY) tests/weigh.py $(ARGS)

content: .venv/.ready ## run the tests of the content alone, after an edit of data/ivig.yaml
	@$(PY) -m pytest tests/test_content.py

browser: .venv/.ready | $(UV) ## drive the playground in Chromium; writes the pictures in docs/
	@$(UV) sync --locked --quiet --inexact --group browser
	@$(PY) -m pytest tests/browser

check: .venv/.ready ## lint, imports, types, the data file and its schema
	@$(PY) -m ruff check
	@$(PY) -m ruff format --check
	@.venv/bin/lint-imports --no-cache
	@$(PY) -m mypy
	@$(PY) -m slackbot check
	@$(PY) -m slackbot schema | diff -u data/ivig.schema.json - \
	  || { echo "data/ivig.schema.json is out of step: run 'make schema'" >&2; exit 1; }

dyno: .venv/.ready | $(UV) ## run it as a small dyno would, and as a wheel, in empty environments
	@$(PY) -m pytest -s tests/dyno.py

other-names: .venv/.ready # for .ci/run: NAMES is a list of other diseases' names, none of which may bring a card
	@$(PY) tests/frames.py $(NAMES)
	@$(PY) tests/general_english.py

format: .venv/.ready ## put the code into its form
	@$(PY) -m ruff check --fix
	@$(PY) -m ruff format

schema: .venv/.ready ## write the data file's JSON Schema for editors
	@$(PY) -m slackbot schema > data/ivig.schema.json

lock: | $(UV) ## lock the dependencies anew
	@$(UV) lock

bench/.venv/.ready: bench/requirements.txt bench/package-lock.json uv.lock | $(UV)
	@echo "Setting up: installing what the bot is measured beside into bench/ …"
	@$(UV) venv --quiet --clear --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')" bench/.venv
	@$(UV) export --quiet --locked --no-default-groups --group playground --no-emit-project \
	  | $(UV) pip install --quiet --python bench/.venv/bin/python -r - -r bench/requirements.txt
	@if command -v npm >/dev/null; then npm ci --silent --prefix bench; fi
	@touch $@

bench: .venv/.ready bench/.venv/.ready ## measure the bot beside its peers (ARGS=--quick: only see that it works)
	@bench/.venv/bin/python -m bench $(ARGS)

faults: .venv/.ready ## break things on purpose and count what is lost (ARGS=--short: a minute of it)
	@$(PY) tests/faults.py $(or $(ARGS),--write docs/reliability.md)

attacks: .venv/.ready ## attack the HTTP door from outside while it is asked (ARGS=--short: half a minute of it)
	@$(PY) tests/attacks.py $(ARGS)

clean: ## remove what the set-up made
	rm -rf .venv .uv bench/.venv bench/node_modules
