# Two commands for everyone: `make run` and `make test`. Each sets up what it needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PEERS := .venv-peers
export UV_PYTHON_DOWNLOADS := never
export PYTHONDONTWRITEBYTECODE :=
export PREFECT_SERVER_ANALYTICS_ENABLED := false
export DO_NOT_TRACK := 1

.PHONY: run test check format lint types bench bench-peers proofs dictionary vega lock lock-peers clean

run: $(VENV)/.ok
	@$(BIN)/newsledger run

# In two processes side by side; `.venv/bin/pytest` is one.
test: $(VENV)/.ok
	$(BIN)/python -m tests.halves

check: $(VENV)/.ok format lint types test

format: $(VENV)/.ok
	$(BIN)/ruff format --check .

lint: $(VENV)/.ok
	$(BIN)/ruff check .

types: $(VENV)/.ok
	$(BIN)/mypy

bench: $(VENV)/.ok
	$(BIN)/python -m benchmarks --out benchmarks/LATEST.md

# Other extractors in an environment of their own, over the same pages.
bench-peers: $(VENV)/.ok $(PEERS)/.ok
	$(BIN)/python -m benchmarks.peers --out benchmarks/PEERS.md

# The slow proofs in their long forms: 200 kills, 100 publications. `.ci/run` passes the short ones.
proofs: $(VENV)/.ok
	$(BIN)/python -m tests.kills 200
	$(BIN)/python -m tests.web_kills 50
	NEWSLEDGER_PROOFS=1 $(BIN)/pytest -m proof

# docs/data-dictionary.md, after a change of sql/comments, of a table or of a view.
dictionary: $(VENV)/.ok
	$(BIN)/python -m benchmarks.write_dictionary

# The lock names neither URL nor host; uv itself is installed from it, hash-checked, and then installs the rest.
$(VENV)/.ok: requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	sed -n '/^uv==/,/^[^ ]/p' requirements.lock | sed -n '1p;/^ /p' > $(VENV)/uv.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r $(VENV)/uv.lock
	$(BIN)/uv pip sync --quiet --compile-bytecode --python $(BIN)/python --require-hashes requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

# The dashboard's charts and map, from npm's packages as benchmarks/vega/package.json names them.
vega:
	benchmarks/vega/make.sh

lock:
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-strip-extras --no-header --python-version 3.11 \
	  --extra dev --output-file requirements.lock pyproject.toml

$(PEERS)/.ok: benchmarks/peers/requirements.lock | $(VENV)/.ok
	$(PYTHON) -m venv --without-pip $(PEERS)
	$(BIN)/uv pip sync --quiet --compile-bytecode --python $(PEERS)/bin/python --require-hashes $<
	@touch $@

lock-peers:
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11 \
	  --output-file benchmarks/peers/requirements.lock benchmarks/peers/requirements.in

clean:
	rm -rf $(VENV) $(PEERS) build dist .mypy_cache .ruff_cache .pytest_cache
