# Needs python3, make and git; everything else is brought along, pinned, into .tools/ and .venv/.
UV_VERSION        := 0.13.8
SAM_VERSION       := 1.170.0
MINISTACK_VERSION := 1.5.33
RIC_VERSION       := 4.2.2
PIP_AUDIT_VERSION := 2.10.1

ARCHITECTURE ?= arm64
STAGE        ?= default
PORT         ?= 4566
INTERFACE    ?= 127.0.0.1
LAYERS       ?= layers

BIN := $(CURDIR)/.tools/bin
UV  := $(BIN)/uv
RUN := .venv/bin/python
export ARCHITECTURE
export UV_TOOL_DIR := $(CURDIR)/.tools/environments
export UV_TOOL_BIN_DIR := $(BIN)
export SAM_CLI_TELEMETRY := 0
# SAM looks for python3.13 on the PATH; the virtual environment's is the one that all the rest uses.
export PATH := $(CURDIR)/.venv/bin:$(BIN):$(PATH)

UV_READY        := .tools/.uv-$(UV_VERSION)
SAM_READY       := .tools/.sam-$(SAM_VERSION)
MINISTACK_READY := .tools/.ministack-$(MINISTACK_VERSION)
RUNTIME_READY   := .tools/.runtime-$(RIC_VERSION)
VENV_READY      := .venv/.ready

SOURCES := functions layers local tests $(wildcard tools)

.DEFAULT_GOAL := help
.PHONY: help run up invoke down test check simulate audit format build deploy lint-template sizes requirements openapi
.PHONY: pairs registry costs bench tools clean

help: ## what there is to make
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: tools ## start the whole stack here, walk through both APIs, serve until Ctrl-C
	@$(RUN) -m local run --port $(PORT) --interface $(INTERFACE)

up: tools ## start the whole stack here, in the background
	@$(RUN) -m local up --port $(PORT) --interface $(INTERFACE)

invoke: tools ## run FUNCTION=… in a container (Docker), with EVENT=events/…json, on the running stack's table
	@$(RUN) -m local invoke "$(FUNCTION)" "$(EVENT)" --port $(PORT)

down: ## stop what `make up` started; everything stored is kept
	@test ! -x $(RUN) || $(RUN) -m local down

test: check tools ## check, then every test
	$(RUN) -m pytest --ignore tests/stack --numprocesses auto --dist loadfile --no-loadscope-reorder
	$(RUN) -m pytest tests/stack

check: $(VENV_READY) ## lint, formatting, types, and a scan for secrets
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	$(RUN) -m mypy $(SOURCES)
	@echo "Looking for secrets in what git keeps …"
	@git ls-files -z | xargs -0 .venv/bin/detect-secrets-hook --no-verify --baseline .secrets.baseline

audit: $(UV_READY) ## ask whether any dependency is known to be vulnerable
	$(UV) export --quiet --locked --all-groups --all-extras --no-emit-project --output-file .tools/audited.txt
	$(UV) tool run pip-audit==$(PIP_AUDIT_VERSION) --strict --require-hashes --disable-pip --requirement .tools/audited.txt

format: $(VENV_READY) ## format the code and mend what can be mended
	$(RUN) -m ruff format .
	$(RUN) -m ruff check --fix .

build: tools ## build the functions and layers for Lambda, into .aws-sam/
	@find functions layers -name __pycache__ -prune -exec rm -rf {} +
	$(BIN)/sam build --parameter-overrides Architecture=$(ARCHITECTURE)
	@$(RUN) -m tools.built $(ARCHITECTURE) $(GRADUAL)

deploy: build ## deploy that to AWS, as STAGE=… of samconfig.toml says; it asks before it changes anything
	$(BIN)/sam deploy --config-env $(STAGE)

lint-template: tools ## validate the template
	$(BIN)/sam validate --lint

sizes: build ## what the built functions and layers weigh as zips
	@$(RUN) -m local sizes

# The crypto layer stands beside the common one: it holds what only PyJWT's `crypto` extra adds.
EXPORT := --quiet --locked --no-dev --no-emit-project --no-header
requirements: $(VENV_READY) ## export what the layers contain from the lock
	@mkdir -p $(LAYERS)/common $(LAYERS)/crypto
	$(UV) export $(EXPORT) --output-file $(LAYERS)/common/requirements.txt
	$(UV) export $(EXPORT) --extra crypto --output-file $(LAYERS)/crypto/requirements.txt \
		$$(sed -n 's/^\([a-z0-9-]*\)==.*/--no-emit-package \1/p' $(LAYERS)/common/requirements.txt)

openapi: $(VENV_READY) ## write the OpenAPI description
	$(RUN) -m tools.openapi

registry: $(VENV_READY) ## check the registry's data, and print which token lives where
	$(RUN) -m tools.registry

simulate: $(VENV_READY) ## 10,000 runs with faults; SEED=… replays one, MUTATION=… looks for a planted bug
	@$(RUN) -m tests.simulation $(if $(SEED),--seed $(SEED)) $(if $(FIRST),--first $(FIRST)) \
		$(if $(RUNS),--runs $(RUNS)) $(if $(MUTATION),--mutation $(MUTATION))

pairs: $(VENV_READY) ## every request amid every other one, before each of its calls
	EFFORT=20 $(RUN) -m pytest --numprocesses auto tests/integration/pairs

costs: $(VENV_READY) ## print what each endpoint costs
	$(RUN) -m tools.costs

bench: tools $(RUNTIME_READY) ## print what Coffer takes and costs, each figure beside its floor
	@$(RUN) -m tools.bench

clean: down ## remove everything that was built or stored here
	rm -rf .aws-sam .local .tools .venv .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -prune -exec rm -rf {} +

# ---- what the targets stand on; each is made again when its version above changes

tools: $(VENV_READY) $(SAM_READY) $(MINISTACK_READY)

$(UV_READY):
	@echo "Installing uv $(UV_VERSION) …"
	@mkdir -p $(BIN)
	@python3 -m venv --clear .tools/uv
	@.tools/uv/bin/pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@ln -sf ../uv/bin/uv $(UV)
	@touch $@

$(VENV_READY): $(UV_READY) pyproject.toml uv.lock
	@echo "Installing the project's dependencies …"
	@$(UV) sync --quiet --locked
	@touch $@

# SAM CLI and the emulator pin their own botocore: each has an environment of its own.
$(SAM_READY): | $(VENV_READY)
	@echo "Installing SAM CLI $(SAM_VERSION) …"
	@$(UV) tool install --quiet --force --python .venv/bin/python aws-sam-cli==$(SAM_VERSION)
	@touch $@

$(MINISTACK_READY): | $(VENV_READY)
	@echo "Installing MiniStack $(MINISTACK_VERSION) …"
	@$(UV) tool install --quiet --force --python .venv/bin/python --with aws-sam-translator --with cryptography ministack==$(MINISTACK_VERSION)
	@touch $@

# What Lambda has in /var/runtime: its runtime interface client, and the boto3 of a function that brings none.
$(RUNTIME_READY): layers/common/requirements.txt | $(VENV_READY)
	@echo "Installing Lambda's runtime interface client $(RIC_VERSION) …"
	@rm -rf .tools/runtime
	@$(UV) pip install --quiet --python .venv/bin/python --target .tools/runtime --link-mode copy \
		--constraint layers/common/requirements.txt awslambdaric==$(RIC_VERSION) boto3
	@.venv/bin/python -m compileall -q --invalidation-mode unchecked-hash .tools/runtime
	@touch $@
