# Liên Thông. Each target sets up what it needs in .venv first (no root, nothing outside this folder but caches).
# Exit statuses are those of the commands themselves.

SHELL := /bin/bash
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
KILL ?=
ARGS ?=

# Dozens of processes start here: each module is compiled once, also where the caller's Python keeps nothing compiled.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev debian demo demo-check test fuzz check bench lock client openapi

help:
	@echo "make demo          chạy thử cả hệ thống, dừng bằng Ctrl-C · a small country on this machine, until Ctrl-C"
	@echo "make demo-check    kịch bản chạy thử, kết quả JSON ở dòng cuối · the demo's scenario, one JSON line at the end"
	@echo "                   KILL=axis|gateway|all: giết tiến trình giữa chừng · kills processes on the way"
	@echo "make test          kiểm tra và toàn bộ kiểm thử · checks and the whole test suite"
	@echo "make fuzz          thử đầu vào lạ, mỗi đích mười phút (FOR=giây) · fuzzing, ten minutes a target"
	@echo "make check         ruff, mypy, import-linter"
	@echo "make bench         đo tốc độ · measures speed"
	@echo "make client        sinh lại thư viện gọi kiểu chặn từ client/aio · the blocking client, made of client/aio"
	@echo "make openapi       mô tả OpenAPI của giao diện bàn làm việc · the desk API's OpenAPI file"
	@echo "make lock          khóa lại phiên bản thư viện · locks library versions anew"

setup:
	@$(PYTHON) tools/bootstrap.py

setup-dev:
	@$(PYTHON) tools/bootstrap.py --dev

debian:
	@$(PYTHON) tools/debian_packages.py
	@$(PYTHON) tools/archival.py

demo: setup
	@$(BIN)/lienthong demo $(ARGS)

demo-check: setup
	@$(BIN)/lienthong demo --check $(if $(KILL),--kill $(KILL)) $(ARGS)

check: setup-dev
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports

test: setup-dev debian check
	@$(BIN)/python -m pytest --numprocesses=auto --dist=loadfile $(ARGS)

fuzz: setup-dev
	@for target in envelope structure archive frame form; do \
	  $(BIN)/python tools/fuzz.py $$target --seconds $(or $(FOR),600) --corpus var/fuzz || exit 1; done

bench: setup
	@$(BIN)/lienthong bench $(ARGS)

openapi: setup-dev
	@$(BIN)/lienthong openapi --output docs/protocol/desk.openapi.json

client: setup-dev
	@$(BIN)/python tools/blocking_client.py

LOCK := $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --no-emit-index-url

lock: setup-dev
	@$(LOCK) --extra setup --extra dev pyproject.toml --output-file requirements-dev.lock
	@$(LOCK) --extra setup pyproject.toml --constraint requirements-dev.lock --output-file requirements.lock
