# Every target sets up what it needs: a .venv from requirements.lock, on a machine that has only
# Python 3.11 or later and make. `make` alone lists the targets.

# The first interpreter on the path that is new enough and can make a virtual environment with pip in it.
PYTHON ?= $(shell IFS=:; for d in $$PATH; do for p in "$$d"/python3 "$$d"/python3.1[1-9] "$$d"/python; do \
	test -x "$$p" && "$$p" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 \
	&& { echo "$$p"; exit; }; done; done)

VENV  := .venv
RUN   := $(VENV)/bin/python
READY := $(VENV)/.ready
# The site has an environment of its own: whoever runs the tests need not wait for what only it needs.
DOCS  := .venv-docs

TARGET  ?= mock
CONTROL ?=
FROM    ?=
ARGS    ?=
BASE    ?=
REVISION ?=

CONTRACT := $(sort $(wildcard contract_tests/test_*.py))
WRITTEN  := scripts contract_tests

# What came before decides the exit code; the page of the last contract run only shows it, if there is one.
PAGE     := code=$$?; $(RUN) -m contract_tests.page; exit $$code

# The results of a run must not depend on the language, the time zone or the colours of whoever runs it.
export PYTHONUTF8 := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help contract defects merge record test check docs browser regenerate drift drift-issue vendor mock bench bench-check fuzz stress build clean lock
.DELETE_ON_ERROR:

help: ## this list
	@echo 'Nova Post client: typed client, mock, contract suite. Targets:'
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1 \2/p' $(MAKEFILE_LIST) \
		| while read -r name text; do printf '  make %-12s %s\n' "$$name" "$$text"; done

$(READY): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo 'error: no Python 3.11 or later with venv and pip was found; set PYTHON=/path/to/python3' >&2; exit 2; }
	@echo 'Setting up $(VENV) (once, about a minute) ...'
	@rm -rf $(VENV)
	@"$(PYTHON)" -m venv $(VENV)
	@$(RUN) -m pip install -qq --require-hashes --requirement requirements.lock
	@$(RUN) -m pip install -qq --no-deps --no-build-isolation --no-index --editable .
	@touch $@

$(DOCS)/.ready: requirements-docs.lock | $(READY)
	@echo 'Setting up $(DOCS) (once, about a minute) ...'
	@rm -rf $(DOCS)
	@$(RUN) -m venv $(DOCS)
	@$(DOCS)/bin/python -m pip install -qq --require-hashes --requirement requirements-docs.lock
	@touch $@

# Plain asserts: pytest would rewrite those of 350 modules of our packages at each start where no bytecode is kept.
# PHONE goes by the environment: what make prints, and what others see of processes, does not show it.
contract record: export NOVAPOST_TEST_PHONE := $(or $(PHONE),$(NOVAPOST_TEST_PHONE))
contract: $(READY) ## the contract suite: [TARGET=mock|sandbox|URL] [CONTROL=URL] [PHONE=...] [SHARD=i/n] [ARGS=...]
	@$(RUN) -m pytest $(CONTRACT) --assert=plain --campaign --target='$(TARGET)' $(if $(CONTROL),--control='$(CONTROL)') \
		$(if $(SHARD),--shard='$(SHARD)') --report=reports $(ARGS)

merge: $(READY) ## the summaries of all shards in reports/ joined to reports/contract.json
	@$(RUN) -m contract_tests.merge $(ARGS)

record: $(READY) ## the target's answers to the parity script, to replay offline: [TARGET=...] [CONTROL=URL]
	@$(RUN) -m contract_tests.parity.record --target='$(TARGET)' $(if $(CONTROL),--control='$(CONTROL)') $(ARGS)

defects: $(READY) ## the suite against each seeded defect: [ARGS='--only NAME*' '--list' '--workers 2']
	@$(RUN) -m contract_tests.defects --json reports/defects.json $(ARGS); $(PAGE)

# The tests of the parts share the cores by files; the campaign is one session, whose summary ends the run.
test: $(READY) ## all tests: those of every part, then the contract against the mock: [ARGS='-k word']
	@$(if $(ARGS),$(RUN) -m pytest $(ARGS),$(RUN) -m pytest contract_tests/house --numprocesses=logical --maxprocesses=4 \
		--dist=loadfile && $(RUN) -m pytest $(CONTRACT))

check: $(READY) ## formatting, lint, types, and that everything built is what a fresh build gives
	@$(RUN) -m ruff format --check $(WRITTEN)
	@$(RUN) -m ruff check $(WRITTEN)
	@$(RUN) -m mypy $(WRITTEN) generated
	@$(RUN) -m scripts.overlay --check
	@$(RUN) -m scripts.regenerate --check
	@$(RUN) -m contract_tests.diagram --check
	@$(RUN) -m contract_tests.reference --check

docs: $(READY) $(DOCS)/.ready ## the documents as a site in reports/site; a link that leads nowhere stops it
	@$(RUN) -m contract_tests.reference
	@# Not --quiet: what is not logged is not counted, and --strict would let broken links pass.
	@NO_MKDOCS_2_WARNING=1 $(DOCS)/bin/mkdocs build --strict --site-dir reports/site.new
	@rm -rf reports/site && mv reports/site.new reports/site
	@echo 'reports/site/index.html'

regenerate: $(READY) ## effective.json from document and overlay, then the client from that
	@$(RUN) -m scripts.overlay
	@$(RUN) -m scripts.regenerate $(ARGS)

drift: $(READY) ## what changed upstream, whom it breaks, and a payload: [BASE=...] [REVISION=...] [ARGS=...]
	@$(RUN) -m contract_tests.drift --json reports/drift.json $(if $(BASE),'$(BASE)') $(if $(REVISION),'$(REVISION)') \
		$(ARGS); $(PAGE)

drift-issue: $(READY) ## drift, told in one issue on GitHub: opened, kept up to date, closed (needs gh)
	@mkdir -p reports; $(RUN) -m contract_tests.drift --json reports/drift.json --format markdown $(ARGS) >reports/drift.md 2>reports/drift.err; \
	$(RUN) -m scripts.drift_issue --code $$? --report reports/drift.md --errors reports/drift.err \
		--summary "$$GITHUB_STEP_SUMMARY"

vendor: $(READY) ## vendor the OpenAPI block of a documentation page: FROM=FILE-or-https-address
	@test -n '$(FROM)' || { echo 'error: make vendor FROM=FILE-or-https-address' >&2; exit 2; }
	@$(RUN) -m scripts.vendor --from '$(FROM)' $(ARGS)

mock: $(READY) ## the sandbox on this machine: [ARGS='--port 8080']
	@$(VENV)/bin/novapost-mock $(ARGS)

bench: $(READY) ## what client, mock, drift and others cost beside their peers: [ARGS='--only mock' '--quick']
	@$(RUN) -m scripts.bench $(ARGS); $(PAGE)

bench-check: $(READY) ## whether a ratio of bench got worse, twice in a row, than scripts/bench/accepted.json: [ARGS=...]
	@$(RUN) -m scripts.bench.check $(ARGS)

fuzz: $(READY) ## a million mixed requests on the mock's socket: [ARGS='--requests 10000 --seed 2']
	@$(RUN) -m contract_tests.campaigns.fuzz_mock $(ARGS)

stress: $(READY) ## many clients and kill -9 against every kind of the mock's state; minutes: [ARGS='--requests 1000']
	@$(RUN) -m contract_tests.house.stress $(ARGS)

browser: ## the browser that the tests of the console need: Debian's, as root; without it they are skipped
	@if command -v chromedriver >/dev/null && command -v chromium >/dev/null; then echo 'chromium and chromedriver are here'; \
	elif ! command -v apt-get >/dev/null || test "$$(id -u)" != 0; then \
		echo 'error: as root, on Debian or the like: apt-get install chromium chromium-driver' >&2; exit 2; \
	else apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
		apt-get install -qq -y --no-install-recommends chromium chromium-driver fonts-dejavu-core >/dev/null; fi

build: $(READY) ## wheel and source archive into dist/
	@$(VENV)/bin/hatchling build

clean: ## remove what the other targets made
	rm -rf $(VENV) $(DOCS) .bench dist reports .hypothesis .mypy_cache .pytest_cache .ruff_cache schemathesis-report
	find scripts contract_tests generated -name __pycache__ -type d -prune -exec rm -rf {} +

lock: ## write both lock files anew from pyproject.toml
	@tools=$$(mktemp -d) && trap 'rm -rf "$$tools"' EXIT \
		&& "$(PYTHON)" -m venv "$$tools" && "$$tools/bin/pip" install -qq uv==0.13.9 \
		&& { echo '# Every package of the development environment, with hashes. Written by `make lock` from pyproject.toml;'; \
		     echo '# valid for Python 3.11 and later on every platform. Holds no address of an index on purpose.'; \
		     "$$tools/bin/uv" pip compile pyproject.toml --extra mock --extra mock-postgres --group dev --universal --python-version 3.11 \
		       --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header --quiet; } > requirements.new \
		&& mv requirements.new requirements.lock \
		&& { echo '# What `make docs` needs, with hashes. Written by `make lock` from the group docs of pyproject.toml.'; \
		     "$$tools/bin/uv" pip compile --group docs --universal --python-version 3.11 --generate-hashes \
		       --no-emit-index-url --no-emit-find-links --no-annotate --no-header --quiet; } > requirements.new \
		&& mv requirements.new requirements-docs.lock
