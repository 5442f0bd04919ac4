# EcoRedline 生态红线筛查. Each target sets up what it needs, once: see .ci/setup.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
STAMPS := build/stamps
PYTHON := .ci/with /usr/bin/python3
TOOLS := build/venv/bin

.PHONY: help
help: ## print the targets 列出全部目标
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/make \1	\2/p' Makefile | expand -t 16

$(STAMPS)/packages: .ci/setup/packages.sh
	@mkdir -p $(STAMPS)
	@.ci/setup/packages.sh
	@touch $@

$(STAMPS)/python: .ci/setup/python.sh .ci/setup/wheels.txt .ci/setup/tools.txt $(STAMPS)/packages
	@.ci/setup/python.sh
	@touch $@

$(STAMPS)/kernel: .ci/kernel.py $(wildcard processing/engine/kernel/*.[ch]) $(STAMPS)/python
	@$(TOOLS)/python .ci/kernel.py
	@touch $@

$(STAMPS)/profile: .ci/setup/profile.sh .ci/guard/sitecustomize.py $(STAMPS)/python $(STAMPS)/kernel
	@.ci/setup/profile.sh
	@touch $@

.PHONY: demo
demo: $(STAMPS)/profile ## screen the invented sample district into build/demo/ 筛查虚构示范区，成果在 build/demo/
	@$(PYTHON) .ci/demo.py build/demo

.PHONY: test
test: lint $(STAMPS)/profile ## every check and test; ARGS="…" goes to pytest 全部检查与测试
	@cd tests && ../.ci/with /usr/bin/python3 -m pytest $(ARGS)

.PHONY: process
process: $(STAMPS)/profile ## qgis_process with the plugin: make process ARGS="run ecoredline:…" 命令行调用
	@.ci/with qgis_process $(ARGS)

.PHONY: python
python: $(STAMPS)/profile ## Python with the package: make python ARGS="script.py" 带本包的 Python
	@$(PYTHON) $(ARGS)

$(STAMPS)/bench: .ci/setup/bench.sh .ci/setup/bench.txt $(STAMPS)/profile
	@.ci/setup/bench.sh
	@touch $@

.PHONY: bench
bench: $(STAMPS)/bench ## the engine beside its peers, into tests/bench/RESULTS.md: ARGS="--help" 与同类工具比速度
	@$(PYTHON) tests/bench/run.py $(ARGS)

.PHONY: bench-rasters
bench-rasters: $(STAMPS)/bench ## areas on a large DEM beside QGIS, exactextract and rasterstats: ARGS="--help" 栅格统计比速度
	@$(PYTHON) tests/bench/zonal/run.py $(ARGS)

.PHONY: soak
soak: $(STAMPS)/profile ## random screening again and again, equal and without leak: ARGS="--minutes 30" 长时间随机筛查
	@cd tests && ECOREDLINE_BIG=1 ../.ci/with /usr/bin/python3 -m pytest core/intake/test_big.py
	@$(PYTHON) -W ignore tests/bench/soak.py $(ARGS)
	@$(PYTHON) -W ignore tests/bench/kills.py --moments 50
	@$(PYTHON) -W ignore tests/bench/decisions.py --scale 1 --sites 100000

.PHONY: fuzz
PARSERS ?= 600
fuzz: $(STAMPS)/profile ## spoiled uploads (PARSERS=600 s), then random pairs against the slow reference: ARGS="--minutes 30" 随机比对
	@cd tests && ECOREDLINE_FUZZ_SECONDS=$(PARSERS) ECOREDLINE_FORENSIC_SITES=1000 ../.ci/with /usr/bin/python3 -m pytest \
	  core/intake/test_fuzz.py core/intake/test_forensics.py
	@$(PYTHON) -W ignore tests/bench/fuzz.py $(ARGS)

.PHONY: lint
lint: $(STAMPS)/profile ## style, types and the arrows between the rooms 代码规范、类型与依赖方向
	@$(TOOLS)/ruff check --quiet .
	@$(TOOLS)/ruff format --quiet --check .
	@cd build/dev && ../../$(TOOLS)/mypy --config-file ../../pyproject.toml
	@.ci/with $(TOOLS)/lint-imports --no-cache >build/arrows.log || { cat build/arrows.log; exit 1; }

.PHONY: rules
rules: $(STAMPS)/profile ## RULES.md and build/rules.html from the rule packs 由规则包生成规则总表
	@$(PYTHON) .ci/rules.py

.PHONY: zip
zip: $(STAMPS)/python ## the plugin as build/ecoredline-<version>.zip, paper libraries included 打包插件（含文书所需的库）
	@build/venv/bin/python .ci/zip.py build

.PHONY: kernels
kernels: $(STAMPS)/python ## the compiled loops for every system into build/kernels 为各系统编译加速库
	@$(TOOLS)/python .ci/kernel.py build

.PHONY: gui-shots
gui-shots: $(STAMPS)/profile zip ## the whole path in the real window, one picture per step, into build/gui-shots 真实窗口逐步截图
	@$(TOOLS)/python .ci/gui_shots.py build/gui-shots $(ARGS)
