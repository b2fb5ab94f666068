# Two commands: `make demo` and `make test`. Both set up `.venv` first and reuse it.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test explore lint shared clean

demo: $(VENV)/.installed
	$(BIN)/congdoan demo

# whole files to each of two processes: a file's tests share what they built
test: $(VENV)/.installed-dev
	$(BIN)/python -m pytest -n 2 --dist loadfile

# the property tests on other examples than `make test` always takes; what they find becomes a case
explore: $(VENV)/.installed-dev
	HYPOTHESIS_PROFILE=explore $(BIN)/python -m pytest -n 2 $$(grep -l '^from hypothesis' tests/test_*.py)

# what .ci/run checks besides the tests
lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# quality on the project's shared real pages and gold texts, where they lie beside the checkout
shared: $(VENV)/.installed-dev
	$(BIN)/python -m pytest -m shared

# an editable install is not compiled, and where Python is told to write no bytecode each command would compile all of
# it again, a quarter of a second
COMPILE = $(BIN)/python -m compileall -q crawler pipeline

# pip is upgraded first: 23.2 can crash on the extras of lxml
$(VENV)/bin/python:
	command -v $(PYTHON) >/dev/null && $(PYTHON) -m venv $(VENV) || python3 -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip

$(VENV)/.installed: $(VENV)/bin/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable .
	$(COMPILE)
	touch $@

$(VENV)/.installed-dev: $(VENV)/bin/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	$(COMPILE)
	touch $(VENV)/.installed $@

clean:
	rm -rf $(VENV) data/demo-corpus
