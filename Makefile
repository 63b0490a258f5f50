PY ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
VENV := .venv
UV := VIRTUAL_ENV=$(VENV) $(VENV)/bin/uv

# the tests start the service some hundred times: let Python keep what it compiles
export PYTHONDONTWRITEBYTECODE =

.PHONY: run test part torture coverage bench cluster lock messages

run: $(VENV)/.ok  ## Serve the national catalogue on embedded SQLite
	$(VENV)/bin/hit-compare serve --host $(HOST) --port $(PORT)

test: $(VENV)/.ok  ## Lint, type check and run every test
	$(VENV)/bin/ruff check . && $(VENV)/bin/ruff format --check .
	mkdir -p var; $(VENV)/bin/mypy > var/types.txt & types=$$!; \
	$(VENV)/bin/pytest $(ARGS); tests=$$?; \
	wait $$types; types=$$?; cat var/types.txt; exit $$((tests | types))

part: $(VENV)/.ok  ## Run some tests at once, without lint; ARGS="tests/domain -k scoring"
	$(VENV)/bin/pytest -n 0 $(ARGS)

torture: $(VENV)/.ok  ## Attack real servers and take away what they stand on, and print what came of it
	$(VENV)/bin/pytest -m torture -n 0 -p no:randomly --durations=0 $(ARGS) tests/torture

coverage: $(VENV)/.ok  ## Run every test and tell which lines none of them reaches
	$(VENV)/bin/pytest --cov --cov-report=term:skip-covered $(ARGS)

bench: $(VENV)/.ok .venv-bench/.ok  ## Measure the API beside its peers; ARGS="--rows 10000 1000000"
	$(VENV)/bin/python -m tests.benchmarks $(ARGS)

cluster: $(VENV)/.ok  ## Run PostgreSQL with replicas, two servers and all between on this machine, and break it
	$(VENV)/bin/python -m tests.cluster $(ARGS)

.venv-bench/.ok: tests/benchmarks/requirements.txt
	test -x .venv-bench/bin/python || $(PY) -m venv .venv-bench
	.venv-bench/bin/python -m pip install -q -r tests/benchmarks/requirements.txt
	touch $@

lock: $(VENV)/.ok  ## Rewrite requirements.lock from pyproject.toml
	$(UV) pip compile -q --all-extras --universal --generate-hashes --no-emit-index-url --no-header pyproject.toml -o requirements.lock

messages: $(VENV)/.ok  ## Bring the message catalogues up to date with the words in use
	mkdir -p var
	$(VENV)/bin/pybabel -q extract -F pyproject.toml -k N_ -k Message -k say -k _say -k say_count:1,2 -k RowSpec:2 -k Outcome -k ListFilter:2 -k NumberFilter:2 -k OtherFilter:2 --no-location --project=hit-compare --version=1 --msgid-bugs-address=README.md -o var/messages.pot .
	$(VENV)/bin/pybabel -q update -i var/messages.pot -d app/site/locale --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date -w 100

$(VENV)/.ok: pyproject.toml requirements.lock
	test -x $(VENV)/bin/python || $(PY) -m venv $(VENV)
	$(VENV)/bin/python -m pip install -q "uv>=0.13,<0.14"
	$(UV) pip install -q --compile-bytecode --require-hashes -r requirements.lock
	$(UV) pip install -q --no-deps -e .
	touch $@
