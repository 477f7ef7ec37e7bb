# Deferred DPCM triggers.  `make help` lists what can be made.

KERNEL ?= 6.12
PROFILE ?= debug
ARCH ?= x86
STOCK ?=
SCENARIO ?= smoke
MODE ?=
APPEND ?=
PREFIX ?= /usr/local
HOURS ?= 1
BUILD ?= $(CURDIR)/build
export BUILD KSRC

side = $(if $(filter-out 0,$(STOCK)),stock)
profile = $(PROFILE)$(if $(filter-out x86 x86_64,$(ARCH)),-$(ARCH))
built = $(BUILD)/$(KERNEL)-$(profile)$(if $(side),-$(side))

.DEFAULT_GOAL := help
.PHONY: help demo bench test test-all soak kernel boot backport series check-series tools install fuzz deps clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo "  KERNEL=6.12 PROFILE=debug|perf|kcsan|rt ARCH=x86|arm64 STOCK=1 choose the kernel;"
	@echo "  KSRC=<tree or tarball> its source;"
	@echo "  SCENARIO=list names the scenarios of make boot, MODE=off|auto|stop|all and APPEND='...' go to the guest;"
	@echo "  BUILD=<dir> takes the build products elsewhere."

demo: deps tools ## the whole path: fetch, patch, build, boot, xrun, record, measure; ends with a table
	@scripts/demo $(KERNEL)

bench: deps ## tables and plots of what it costs and buys, in build/bench/ (QUICK=1: in 6 minutes)
	@QUICK='$(QUICK)' scripts/bench $(KERNEL)

test: deps tools ## all that CI runs
	@tests/run $(KERNEL)

test-all: deps tools ## make test, and what takes too long for CI
	@ALL=1 tests/run $(KERNEL)

soak: kernel ## random scenarios for HOURS=, all of them from a printed seed; SEED= repeats them
	@tests/soak $(KERNEL) $(HOURS) $(SEED)

kernel: deps ## build a kernel with the virtual card: build/<series>-<profile>[-<arch>][-stock]
	@IMAGE=1 scripts/kernel $(KERNEL) $(profile) $(side)

boot: ## boot that kernel under QEMU with SCENARIO=
ifeq ($(SCENARIO),list)
	@tests/qemu/boot --list
else
	@tests/qemu/boot --build $(built) --scenario $(SCENARIO) $(if $(MODE),--mode $(MODE)) --append '$(APPEND)'
endif

backport: ## put the series that fits into the kernel tree KDIR= (DRY=1: only say so; O=: its build directory; KABI=1: no struct moves)
	@DRY='$(DRY)' O='$(O)' KABI='$(KABI)' scripts/backport '$(KDIR)'

series: ## regenerate patches/$(KERNEL) and kernel/ from the git tree TREE= (branch on top of the tag stock)
	@scripts/series make $(KERNEL) $(TREE)

check-series: ## patches/ apply, agree with kernel/, and pass checkpatch
	@scripts/series check $(KERNEL)

tools: deps ## the latency analyser, build/tools/dpcm-latency, and the plugin for trace-cmd and KernelShark
	@$(MAKE) --no-print-directory -C tools/dpcm-latency BUILD=$(BUILD)/tools
	@$(MAKE) --no-print-directory -C tools/trace-plugin BUILD=$(BUILD)/tools

install: tools ## the analyser, its manual and configurations, under PREFIX=; the plugin where libtraceevent looks
	@$(MAKE) --no-print-directory -C tools/dpcm-latency BUILD=$(BUILD)/tools PREFIX=$(PREFIX) install
	@$(MAKE) --no-print-directory -C tools/trace-plugin BUILD=$(BUILD)/tools install

fuzz: tools ## fuzz the analyser for SECONDS=60 (needs clang)
	@tests/fuzz/run.sh $(or $(SECONDS),60) $(BUILD)/tools

deps: ## install what is missing (as root), or say what it is
	@scripts/deps

clean: ## remove build/
	rm -rf $(BUILD)
