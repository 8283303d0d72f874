# All commands for people. `make` without a target lists them.

BIN := .venv/bin
SAGA := $(BIN)/saga
VENV := .venv/made
WORKERS := 2
SOURCES := libs contracts services infra tests docs examples/trip
PACKAGES := $(wildcard libs/* contracts services/* infra)
COMPILE := uv pip compile --quiet --universal --generate-hashes --no-annotate --no-header \
	$(foreach package,$(notdir $(PACKAGES)),--no-emit-package $(package))
SITE := NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict  # without the theme's notice about its successor
# In a fresh clone nothing runs, and no environment is made to report that.
IF_MADE := if [ ! -e $(VENV) ]; then echo 'Nothing has run in this checkout yet; type make up'; exit 0; fi;
CACHES := .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# `make down up` is in this order, also under MAKEFLAGS=-j8; and what a shell says to every Python is not for ours.
.NOTPARALLEL:
unexport CDPATH PYTHONHOME PYTHONPATH PYTHONSTARTUP PYTHONINSPECT

.DEFAULT_GOAL := help
.PHONY: help up down status logs demo load doctor check test test-containers prove freeze bench bench-tracing bench-scale bench-peers pictures apis \
	docs format lock clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

up: $(VENV) ## start everything, place one order and show what happened to it; more processes with REPLICAS=payment=2
	@$(SAGA) up $(if $(REPLICAS),--replicas $(REPLICAS))

down: ## stop everything and keep the data
	@$(IF_MADE) $(SAGA) down

status: ## show every process and whether it is ready
	@$(IF_MADE) $(SAGA) status || true

logs: $(VENV) ## show the last lines of every log, or of one with PART=payment
	@$(SAGA) logs $(PART)

demo: $(VENV) ## start everything, and play four orders step by step
	@$(SAGA) up && $(SAGA) demo

load: $(VENV) ## place 50 orders a second for 30 s; change it with RATE= SECONDS= MIX= SEED=
	@$(SAGA) load $(if $(RATE),--rate $(RATE)) $(if $(SECONDS),--seconds $(SECONDS)) $(if $(MIX),--mix $(MIX)) \
		$(if $(SEED),--seed $(SEED))

doctor: $(VENV) ## find out why the system does not run on this machine, and how to fix it
	@$(SAGA) doctor

check: $(VENV) ## check lint, types, imports, frozen messages and sagas, API documents, and every link of the docs
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy $(SOURCES)
	$(BIN)/lint-imports
	$(BIN)/python -m counterstep.protocol.golden contracts contracts/golden
	$(BIN)/python -m counterstep.saga.golden orchestrator.sagas:SAGAS services/orchestrator/golden
	PYTHONPATH=tests $(BIN)/python -m api_documents
	$(SITE)

test: $(VENV) ## run every test, in two workers, each with a private stack
	$(BIN)/pytest --numprocesses $(WORKERS) --dist loadfile --no-loadscope-reorder

freeze: $(VENV) ## write the golden files of new messages and sagas, and draw the sagas' diagrams
	$(BIN)/python -m counterstep.protocol.golden contracts contracts/golden --write
	$(BIN)/python -m counterstep.saga.golden orchestrator.sagas:SAGAS services/orchestrator/golden --write
	$(BIN)/python -m counterstep.saga.drawings orchestrator.sagas:SAGAS docs

test-containers: $(VENV) ## run the shop in containers of a Docker engine, and its tests there; starts an engine where none answers
	tests/containers/run.sh

prove: $(VENV) ## search many more states of the engine than `make test` does; takes ten minutes
	PYTHONPATH=libs/counterstep/tests $(BIN)/python -m proof --deep

bench: $(VENV) ## measure sagas per second, latency and cost; options in ARGS= (ARGS=--help)
	PYTHONPATH=tests $(BIN)/python -m performance load $(ARGS)

bench-tracing: $(VENV) ## measure the cost of tracing, also with a collector that does not answer
	PYTHONPATH=tests $(BIN)/python -m performance tracing $(ARGS)

bench-scale: $(VENV) ## measure with a million ended sagas, in a long run, and with a backlog
	PYTHONPATH=tests $(BIN)/python -m performance scale $(ARGS)

bench-peers: $(VENV) ## measure DBOS and Restate for comparison, in turns; both are installed in .bench
	PYTHONPATH=tests $(BIN)/python -m performance peers $(ARGS)

pictures: $(VENV) ## take the documentation's pictures again, from a running `make up` (needs chromium)
	PYTHONPATH=tests $(BIN)/python -m pictures

apis: $(VENV) ## write the services' OpenAPI and AsyncAPI documents to docs/api
	PYTHONPATH=tests $(BIN)/python -m api_documents --write

docs: $(VENV) ## build the documentation as a site in site/, readable without a network
	$(SITE)
	@echo 'Open site/index.html; to search in it, serve it: python3 -m http.server --directory site'

format: $(VENV) ## format the code and fix lint errors that can be fixed automatically
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

lock: ## write the lock files from every pyproject.toml (needs uv)
	@$(COMPILE) --group dev --extra launcher --output-file requirements.lock pyproject.toml $(PACKAGES:=/pyproject.toml)
	@$(COMPILE) --constraint requirements.lock --output-file infra/runtime.lock $(PACKAGES:=/pyproject.toml)
	@$(COMPILE) --constraint requirements.lock --output-file infra/build.lock --group build
	@$(COMPILE) --group peers --output-file tests/performance/peers/requirements.lock

clean: ## stop everything and remove all generated files: data, logs, caches, .venv
	@if [ -e "$${COUNTERSTEP_RUN:-.run}" ]; then $(MAKE) --no-print-directory $(VENV) && $(SAGA) clean; fi
	@[ ! -e $(BIN)/python ] || $(BIN)/python -m infra.machine.users_of_environment
	rm -rf .venv .venv.lock .bench site $(CACHES)
	find . -name __pycache__ -prune -exec rm -rf {} +
	@if dpkg-query --show rabbitmq-server >/dev/null 2>&1; then echo \
	'The Debian package rabbitmq-server and its user stay; sudo apt-get purge rabbitmq-server removes them'; fi

$(VENV): requirements.lock $(PACKAGES:=/pyproject.toml)
	@sh infra/make-environment.sh
	@echo '$(CURDIR)' >$@

# The environment in a copied checkout still points to the original.
ifneq ($(shell cat $(VENV) 2>/dev/null),$(CURDIR))
.PHONY: $(VENV)
endif
