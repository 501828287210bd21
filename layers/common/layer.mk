# What the two layers' recipes share: this file stands in both folders, once as a link, for SAM builds a layer again only
# when something in its folder has changed. SAM runs a recipe in a temporary copy of the folder: tools are found from
# here, the requirements are the exported ones beside the recipe (`make requirements`).
ROOT   := $(abspath $(dir $(lastword $(MAKEFILE_LIST)))../..)
UV     := $(or $(wildcard $(ROOT)/.tools/bin/uv),uv)
PYTHON := $(or $(wildcard $(ROOT)/.venv/bin/python),python3.13)

# The template's parameter of the same name; SAM does not hand it to a recipe.
ARCHITECTURE ?= arm64
ifeq ($(filter $(ARCHITECTURE),arm64 x86_64),)
$(error ARCHITECTURE is arm64 or x86_64, not $(ARCHITECTURE))
endif
# python3.13 on Lambda is Amazon Linux 2023: glibc 2.34, so wheels for 2.28 fit.
WHEELS ?= $(if $(filter arm64,$(ARCHITECTURE)),aarch64,x86_64)-manylinux_2_28

TARGET = $(ARTIFACTS_DIR)/python

# Wheels for Lambda's processor, whatever this machine's, and nothing that the lock doesn't name.
define install
	$(UV) pip install --quiet --python $(PYTHON) --python-platform $(WHEELS) --only-binary :all: --no-deps \
		--require-hashes --link-mode copy --target $(TARGET) --requirements requirements.txt
	rm -rf $(TARGET)/bin
endef

# SAM packs every file with a date of 1980, so ordinary bytecode would be stale and compiled again at each cold start:
# bytecode that isn't checked against its source is used as it is. Its file names are those on Lambda.
define compile
	find $(TARGET) -name __pycache__ -prune -exec rm -rf {} +
	$(PYTHON) -m compileall -q -j 0 --invalidation-mode unchecked-hash -s $(ARTIFACTS_DIR) -p /opt $(TARGET)
endef
