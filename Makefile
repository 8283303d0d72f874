# Everything a person types here. `make` alone lists it.

BIN := .venv/bin
SAGA := $(BIN)/saga
VENV := .venv/made
WORKERS := 2
SOURCES := libs contracts services infra tests docs examples/trip
PACKAGES := $(wildcard libs/* contracts services/* infra)
COMPILE := uv pip compile --quiet --universal --generate-hashes --no-annotate --no-header \
	$(foreach package,$(notdir $(PACKAGES)),--no-emit-package $(package))
SITE := NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict  # without the theme's word on its successor
# In a fresh clone nothing runs, and no environment is made only to say so.
IF_MADE := if [ ! -e $(VENV) ]; then echo 'Nothing has run in this checkout yet; type make up'; exit 0; fi;
CACHES := .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

.DEFAULT_GOAL := help
.PHONY: help up down status logs demo load doctor check test prove freeze bench bench-tracing bench-scale bench-peers pictures apis \
	docs format lock clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

up: $(VENV) ## start everything, place one order and show what happened to it; more processes with REPLICAS=payment=2
	@$(SAGA) up $(if $(REPLICAS),--replicas $(REPLICAS))

down: ## stop everything; the data stay
	@$(IF_MADE) $(SAGA) down

status: ## show every part and whether it is ready
	@$(IF_MADE) $(SAGA) status || true

logs: $(VENV) ## show the last lines of every log; one part's with PART=payment
	@$(SAGA) logs $(PART)

demo: $(VENV) ## start everything, and tell the four stories of an order
	@$(SAGA) up && $(SAGA) demo

load: $(VENV) ## place 50 orders a second for 30 s, or as RATE= SECONDS= MIX= SEED= say
	@$(SAGA) load $(if $(RATE),--rate $(RATE)) $(if $(SECONDS),--seconds $(SECONDS)) $(if $(MIX),--mix $(MIX)) \
		$(if $(SEED),--seed $(SEED))

doctor: $(VENV) ## say what keeps it from running here, and how to mend it
	@$(SAGA) doctor

check: $(VENV) ## lint, types, imports, frozen messages and sagas, API documents, and every link of the docs
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy $(SOURCES)
	$(BIN)/lint-imports
	$(BIN)/python -m counterstep.protocol.golden contracts contracts/golden
	$(BIN)/python -m counterstep.saga.golden orchestrator.sagas:SAGAS services/orchestrator/golden
	PYTHONPATH=tests $(BIN)/python -m api_documents
	$(SITE)

test: $(VENV) ## run every test, in two workers, each against a private stack of its own
	$(BIN)/pytest --numprocesses $(WORKERS) --dist loadfile --no-loadscope-reorder

freeze: $(VENV) ## write the golden files of new messages and sagas, and draw the sagas' diagrams
	$(BIN)/python -m counterstep.protocol.golden contracts contracts/golden --write
	$(BIN)/python -m counterstep.saga.golden orchestrator.sagas:SAGAS services/orchestrator/golden --write
	$(BIN)/python -m counterstep.saga.drawings orchestrator.sagas:SAGAS docs

prove: $(VENV) ## search far more of the engine's states than `make test` does, for ten minutes
	PYTHONPATH=libs/counterstep/tests $(BIN)/python -m proof --deep

bench: $(VENV) ## measure sagas a second, their latency and what each costs; options in ARGS= (ARGS=--help)
	PYTHONPATH=tests $(BIN)/python -m performance load $(ARGS)

bench-tracing: $(VENV) ## measure what tracing costs, also where its collector has gone silent
	PYTHONPATH=tests $(BIN)/python -m performance tracing $(ARGS)

bench-scale: $(VENV) ## measure it with a million ended sagas, in a long run, and with a backlog
	PYTHONPATH=tests $(BIN)/python -m performance scale $(ARGS)

bench-peers: $(VENV) ## measure DBOS and Restate beside it, in turns; both are installed in .bench
	PYTHONPATH=tests $(BIN)/python -m performance peers $(ARGS)

pictures: $(VENV) ## take the documentation's pictures anew, of what `make up` runs (needs chromium)
	PYTHONPATH=tests $(BIN)/python -m pictures

apis: $(VENV) ## write the services' OpenAPI and AsyncAPI documents anew, into docs/api
	PYTHONPATH=tests $(BIN)/python -m api_documents --write

docs: $(VENV) ## build the documentation as a site that needs no network, into site/
	$(SITE)
	@echo 'Open site/index.html; to search in it, serve it: python3 -m http.server --directory site'

format: $(VENV) ## format the code and mend what can be mended
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

lock: ## write the lock files anew from every pyproject.toml (needs uv)
	@$(COMPILE) --group dev --extra launcher --output-file requirements.lock pyproject.toml $(PACKAGES:=/pyproject.toml)
	@$(COMPILE) --constraint requirements.lock --output-file infra/runtime.lock $(PACKAGES:=/pyproject.toml)
	@$(COMPILE) --constraint requirements.lock --output-file infra/build.lock --group build
	@$(COMPILE) --group peers --output-file tests/performance/peers/requirements.lock

clean: ## stop everything and remove all that was made here: data, logs, caches, .venv
	@if [ -e "$${COUNTERSTEP_RUN:-.run}" ]; then $(MAKE) --no-print-directory $(VENV) && $(SAGA) clean; fi
	@[ ! -e $(BIN)/python ] || $(BIN)/python -m infra.machine.users_of_environment
	rm -rf .venv .venv.lock .bench site $(CACHES)
	find . -name __pycache__ -prune -exec rm -rf {} +

$(VENV): requirements.lock $(PACKAGES:=/pyproject.toml)
	@sh infra/make-environment.sh
	@echo '$(CURDIR)' >$@

# A copied checkout brings along an environment that still points to the original.
ifneq ($(shell cat $(VENV) 2>/dev/null),$(CURDIR))
.PHONY: $(VENV)
endif
