# execfail: every failed exec, live.
#
#   make                 ./execfail, linked to the system's libraries
#   make STATIC=1        ./execfail, static: the one to copy to a machine in trouble
#   make install         with DESTDIR= and prefix=
#   make demo            install what is missing, build, watch a script whose programs fail
#   make test            install what is missing, run every test
#   V=1 shows commands; SANITIZE=address,undefined; CROSS_COMPILE=aarch64-linux-gnu-; WERROR=1 as in CI

VERSION := 0.1.0

prefix ?= /usr/local
bindir ?= $(prefix)/bin
mandir ?= $(prefix)/share/man
DESTDIR ?=

CROSS_COMPILE ?=
ifeq ($(origin CC),default)
CC := $(CROSS_COMPILE)gcc
endif
STRIP ?= $(CROSS_COMPILE)strip
CLANG ?= clang
BPFTOOL ?= $(or $(shell command -v bpftool),/usr/sbin/bpftool)
PKG_CONFIG ?= $(CROSS_COMPILE)pkg-config
CLANG_FORMAT ?= clang-format
CPPCHECK ?= cppcheck

machine := $(shell $(CC) -dumpmachine 2>/dev/null | cut -d- -f1)
bpf_arch := $(patsubst x86_64,x86,$(patsubst aarch64,arm64,$(machine)))

Q := $(if $(V),,@)
say = $(if $(V),,@printf '  %-8s %s\n' $(1) $(2))

B := build$(if $(SANITIZE),/sanitize)
kind := $(if $(STATIC),static,dynamic)

CFLAGS ?= -O2 -g
CFLAGS += $(if $(WERROR),-Werror) $(if $(SANITIZE),-fsanitize=$(SANITIZE) -fno-omit-frame-pointer)
user_flags := -std=gnu11 -D_GNU_SOURCE -DVERSION='"$(VERSION)"' -Wall -Wextra -Wmissing-prototypes -Wstrict-prototypes \
	-Iinclude -Isrc -I$(B)
# A binary of its own size: what no event ever reaches is left out.
user_flags += -ffunction-sections -fdata-sections
LDFLAGS += -Wl,--gc-sections $(if $(SANITIZE),-fsanitize=$(SANITIZE))
bpf_flags := -g -O2 -target bpf -D__TARGET_ARCH_$(bpf_arch) -Iinclude -Ivmlinux -Ibpf -Wall -Wextra \
	-Wno-unused-parameter $(if $(WERROR),-Werror)

libraries := libbpf libelf zlib json-c libutf8proc
libs = $(shell $(PKG_CONFIG) --libs $(libraries))
libs_static = $(shell $(PKG_CONFIG) --static --libs $(libraries))

families := core fentry kprobe legacy tracepoint
bpf_objects := $(families:%=$(B)/bpf/%.bpf.o)
sources := $(filter-out src/main.c,$(wildcard src/*.c))
objects := $(sources:src/%.c=$(B)/%.o)

build_packages := gcc make pkg-config libc6-dev clang bpftool libbpf-dev libelf-dev zlib1g-dev libjson-c-dev libutf8proc-dev
test_packages := libcmocka-dev python3 python3-jsonschema jq qemu-system-x86 busybox-static cpio xz-utils zstd lz4 \
	binutils util-linux clang-format cppcheck scdoc debian-archive-keyring procps

.DELETE_ON_ERROR:
.PHONY: all install clean demo test packages-build packages-test format lint check unit e2e vm FORCE

all: execfail

# --- the program ---

execfail: $(B)/$(kind)/execfail
	$(Q)cmp -s $< $@ || cp $< $@

$(B)/dynamic/execfail: $(B)/main.o $(objects)
	$(call say,LD,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) $^ $(libs) -o $@

$(B)/static/execfail: $(B)/main.o $(objects)
	$(call say,LD,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -static $^ $(libs_static) -o $@.full
	$(Q)$(STRIP) -o $@ $@.full

$(B)/%.o: src/%.c Makefile | $(B)/execfail.skel.h
	$(call say,CC,$@)
	$(Q)$(CC) $(user_flags) $(CFLAGS) -MMD -MP -c $< -o $@

# --- the programs inside of it ---

$(B)/bpf/%.bpf.o: bpf/%.bpf.c Makefile
	$(call say,BPF,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CLANG) $(bpf_flags) -MMD -MP -c $< -o $@

$(B)/execfail.bpf.o: $(bpf_objects)
	$(call say,BPFLINK,$@)
	$(Q)$(BPFTOOL) gen object $@ $^

$(B)/execfail.skel.h: $(B)/execfail.bpf.o
	$(call say,SKEL,$@)
	$(Q)$(BPFTOOL) gen skeleton $< name execfail_bpf > $@

-include $(wildcard $(B)/*.d $(B)/bpf/*.d $(B)/tests/*.d)

# --- installing ---

install: execfail
	install -D -m 755 execfail $(DESTDIR)$(bindir)/execfail

clean:
	rm -rf build execfail
