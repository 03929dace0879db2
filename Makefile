# make install && make sandbox: that is all it takes to try it. "make help" lists the rest.

SHELL := /bin/bash
BIN := .venv/bin
PORT ?= 8000
MINUTES ?= 10
ROUNDS ?= 5

# What reads what strangers wrote: beats, signals, rules, mails and what is in them, files, shared pages, models.
FUZZED := tests/storefront/test_beat.py tests/signals/test_ingest.py tests/rules/test_any_json.py tests/rules/test_grammar.py \
	tests/desk/mailbox tests/desk/carry/test_filetype.py tests/desk/calls/test_webhook.py tests/visitors/test_token.py tests/sharing/test_strip.py \
	tests/learning/scoring/test_document.py tests/attacks/test_h.py

# The gates of "make test", in per cent. 0 only reports.
COVERAGE_MIN ?= 95
COVERAGE_PURE_MIN ?= 100
export COVERAGE_MIN COVERAGE_PURE_MIN

.DEFAULT_GOAL := help
.PHONY: help install sandbox simulate test test-postgres test-browser lint types contracts bench soak soak-chat session frontend frontend-check \
	screenshots docs site newcomer deployed fuzz audit compatibility messages ci clean

help: ## What can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## (.*)$$/make \1\t\2/' | expand -t 24

install: .venv/.installed ## Make .venv with everything needed; a second run takes no time

.venv/.installed: setup.cfg pyproject.toml
	@scripts/make-venv

sandbox: install ## Run the demo shop on http://localhost:8000/
	@PORT=$(PORT) $(BIN)/python -m sandbox.run

simulate: install ## Three weeks of made-up shoppers in a demo shop of its own, with the truth beside what is measured; then open it
	@export ENGAGE_SANDBOX_PAST=0 ENGAGE_ATTRIBUTION_DAYS=3 ENGAGE_SANDBOX_VAR=sandbox/var/simulated; \
		$(BIN)/python -m sandbox.simulated && PORT=$(PORT) $(BIN)/python -m sandbox.run

test: install ## Every suite: SQLite, PostgreSQL, sandbox, browser; and the coverage gates
	@scripts/run-tests

test-postgres: install ## The main suite on PostgreSQL only
	@scripts/with-postgres $(BIN)/python -m pytest -q

test-browser: install ## The browser tests only
	@ENGAGE_CHROMIUM=$$(scripts/ensure-chromium) \
		$(BIN)/python -m pytest -q tests/browser

fuzz: install ## Throw new random input at what takes input from outside: make fuzz ROUNDS=20
	@for round in $$(seq $(ROUNDS)); do seed=$$RANDOM$$RANDOM; echo "round $$round of $(ROUNDS), --hypothesis-seed=$$seed"; \
		$(BIN)/python -m pytest -q --hypothesis-seed=$$seed $(FUZZED) || exit 1; done

audit: install ## bandit, and known vulnerabilities of what is installed (asks the package index)
	@$(BIN)/python scripts/audit.py

lint: install ## Style, format, and bandit
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/python scripts/audit.py --offline

types: install ## Strict types
	@$(BIN)/mypy oscar_engage

contracts: install ## Which package may import which
	@$(BIN)/lint-imports

bench: install ## Measure against the bars: make bench NAME=storefront|size|beat|ingest|rules|backtest|chat|cobrowse|call|slots|dialer|answers|note|anchors|lift|gates|reports|rollups|nightly|score|learning|policy|purge|scale|load
	@$(BIN)/python -m benchmarks $(NAME)

soak: install ## Kill huey workers over 600 jobs, on SQLite, Redis and PostgreSQL: nothing may be lost (make soak STORAGE=redis: one)
	@$(BIN)/python -m benchmarks.soak $(STORAGE)

soak-chat: install ## Drive chats at random for 20 000 steps on SQLite, then on PostgreSQL: nothing may be lost (ten minutes)
	@ENGAGE_MACHINE_STEPS=5000 $(BIN)/python -m pytest -q --timeout=0 tests/desk/test_machine.py
	@ENGAGE_MACHINE_STEPS=5000 scripts/with-postgres $(BIN)/python -m pytest -q --timeout=0 tests/desk/test_machine.py

session: install ## Play ten minutes at the desk in real browsers, and check that nothing was lost: make session MINUTES=3
	@ENGAGE_CHROMIUM=$$(scripts/ensure-chromium) $(BIN)/python -m sandbox.drive.session --minutes $(MINUTES)

frontend: ## Build the browser's scripts from frontend/src
	@scripts/frontend

frontend-check:
	@scripts/frontend --check

screenshots: install ## Take the pictures of the documentation from a shop of its own (a few minutes)
	@ENGAGE_CHROMIUM=$$(scripts/ensure-chromium) $(BIN)/python -m scripts.screenshots

docs: install ## Write the generated pages of docs/
	@$(BIN)/python -m docs.generate

site: install ## Make a website of docs/ in build/site; a broken link or an orphan ends it
	@$(BIN)/python -m sphinx -q -W --keep-going -b html docs build/site
	@echo "Made build/site/index.html"

newcomer: install ## Put the wheel into a bare Oscar shop by the README's own lines, use it, take it out again (two minutes)
	@$(BIN)/python scripts/newcomer.py

deployed: install ## Put a bare shop behind nginx with the files of deploy/, kill and restart it (two minutes; needs nginx and PostgreSQL)
	@scripts/with-postgres $(BIN)/python scripts/deployed.py

compatibility: install ## The main suite for each Python and Django that tox finds here, those of pyenv too (long)
	@PATH="$$(ls -d "$$(pyenv root 2>/dev/null)"/versions/3.1[1-3].*/bin 2>/dev/null | paste -sd:):$$PATH" $(BIN)/python -m tox

messages: install ## Collect the strings to translate and compile the translations
	@for folder in oscar_engage sandbox; do ( cd $$folder && \
		../$(BIN)/python -W ignore -m django makemessages --locale de --no-obsolete --no-location --ignore "var/*" && \
		../$(BIN)/python -W ignore -m django compilemessages --locale de --ignore "var/*" ) || exit 1; done

ci: export COVERAGE = none
ci: install ## Everything that CI checks
	@$(MAKE) --no-print-directory --jobs=2 --output-sync newcomer types lint contracts frontend-check site
	@$(MAKE) --no-print-directory test

clean: ## Remove what was made, but not .venv
	@rm -rf build dist ./*.egg-info htmlcov .coverage .coverage.* .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
	@find . -name __pycache__ -not -path './.venv/*' -not -path './frontend/node_modules/*' -prune -exec rm -rf {} +
