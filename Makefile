# Two commands for a newcomer: `make run` and `make test`. Everything they need lands in .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PYTEST_ARGS ?=

.NOTPARALLEL:
.PHONY: run test lint bench screenshots translations clean

run: $(VENV)/run.stamp
	@$(BIN)/python -m app run

test: $(VENV)/test.stamp
	$(BIN)/python -m pytest -n auto --dist worksteal $(PYTEST_ARGS)

lint: $(VENV)/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint app/templates --lint --quiet
	$(BIN)/hadolint Dockerfile
	$(BIN)/python -m app bank check
	$(BIN)/python -m app bank format --check

bench: $(VENV)/test.stamp
	$(BIN)/python -m pytest -m bench tests/bench -s -p no:xdist

screenshots: $(VENV)/test.stamp
	$(BIN)/python -m tests.screenshots

# After a change of words in templates or code: collect them; new French entries are then to be written.
translations: $(VENV)/dev.stamp
	$(BIN)/pybabel -q extract -F app/translations/babel.cfg -k _ --no-location --omit-header --sort-output -o $(VENV)/messages.pot app
	$(BIN)/pybabel -q update -i $(VENV)/messages.pot -d app/translations --omit-header --no-fuzzy-matching --ignore-obsolete

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache build dist
	find app -name '*.mo' -delete

# Plain pip, every file checked against its hash. Each thing that a machine may lack is told in one line.
$(VENV)/base.stamp:
	@command -v $(PYTHON) >/dev/null || { echo "There is no $(PYTHON) here: install Python 3.11 or later, or name it: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Rappel needs Python 3.11 or later: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)"; exit 1; }
	@out=$$($(PYTHON) -m venv $(VENV) 2>&1) || { rm -rf $(VENV); \
	    case "$$out" in *"No module named"*|*ensurepip*) out="Python has no working venv module here; on Debian: apt-get install python3-venv";; esac; \
	    echo "$$out"; exit 1; }
	@touch $@

define install
	@echo "Installing the packages of $(1), once."
	@$(BIN)/python -m pip install --disable-pip-version-check --no-input --retries 2 --require-hashes --no-deps -r $(1) >$(VENV)/install.log 2>&1 || { echo "Could not install the packages of $(1): is there a network? Run the same command again; $(VENV)/install.log says more."; exit 1; }
	@touch $@
endef

$(VENV)/run.stamp: requirements.lock | $(VENV)/base.stamp
	$(call install,$<)

$(VENV)/test.stamp: requirements-test.lock | $(VENV)/base.stamp
	$(call install,$<)
	@touch $(VENV)/run.stamp

$(VENV)/dev.stamp: requirements-dev.lock | $(VENV)/base.stamp
	$(call install,$<)
	@touch $(VENV)/run.stamp $(VENV)/test.stamp

