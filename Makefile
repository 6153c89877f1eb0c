# execfail: every failed exec, live.
#
#   make                 ./execfail, linked to the system's libraries
#   make STATIC=1        ./execfail, static: the one to copy to a machine in trouble
#   make install         with DESTDIR= and prefix=; make uninstall with the same
#   make demo            install what is missing, build, watch a script whose programs fail
#   make test            install what is missing, run every test
#   make foreign         programs and test suites that others wrote, strace beside it (tests/foreign/README.md)
#   make check           the same without installing; make unit, lint, cli, e2e, vm, ...: one family of it
#   make bench           as root: what it costs and covers, beside others (renews docs/performance.md and docs/coverage.md)
#   make docs            write what the program says of itself into man page and completions
#   make format          clang-format everything
#   V=1 shows commands; SANITIZE=address,undefined; CROSS_COMPILE=aarch64-linux-gnu-; WERROR=1 as in the tests;
#   LOADS=0 or 1: programs that read as on kernels before 5.11, or before 6.2: what that costs shows bench/

VERSION := 0.1.0

prefix ?= /usr/local
bindir ?= $(prefix)/bin
mandir ?= $(prefix)/share/man
docdir ?= $(prefix)/share/doc/execfail
zshdir ?= $(prefix)/share/zsh/site-functions
fishdir ?= $(prefix)/share/fish/vendor_completions.d
completiondir ?= $(prefix)/share/bash-completion/completions
DESTDIR ?=

CROSS_COMPILE ?=
CLANG ?= clang
ifeq ($(origin CC),default)
CC := $(if $(FUZZ),$(CLANG),$(CROSS_COMPILE)gcc)
endif
ifeq ($(origin AR),default)
AR := $(CROSS_COMPILE)ar
endif
STRIP ?= $(CROSS_COMPILE)strip
BPFTOOL ?= $(or $(shell command -v bpftool),/usr/sbin/bpftool)
PKG_CONFIG ?= $(CROSS_COMPILE)pkg-config
CLANG_FORMAT ?= clang-format
# The system's own: it has the modules that its packages bring.
PYTHON ?= /usr/bin/python3

machine := $(shell $(CC) -dumpmachine 2>/dev/null | cut -d- -f1)
bpf_arch := $(if $(filter x86_64,$(machine)),x86)$(if $(filter aarch64,$(machine)),arm64)
# When something is built, not before: the compiler may be about to be installed.
need_arch = $(if $(bpf_arch),,$(error execfail runs on x86_64 and aarch64, not on '$(machine)' ($(CC) -dumpmachine)))

Q := $(if $(V),,@)
say = $(if $(V),,@printf '  %-8s %s\n' $(1) $(2))

ifdef FUZZ
SANITIZE ?= address,undefined
endif

# The BPF programs and the test programs are the same in every build; the rest has a folder for each kind of build.
# Of another machine's programs nothing is the same.
out := build$(if $(CROSS_COMPILE),/$(machine))
B := $(out)$(if $(FUZZ),/fuzz,$(if $(SANITIZE),/sanitize))
kind := $(if $(STATIC),static,dynamic)

CFLAGS ?= -O2 -g
# The same program from any folder.
path_flags := -ffile-prefix-map=$(CURDIR)=.
user_flags := -std=gnu11 -D_GNU_SOURCE -DVERSION='"$(VERSION)"' -Wall -Wextra -Wmissing-prototypes -Wstrict-prototypes \
	-Iinclude -Isrc -I$(out)
# A binary of its own size: what no event ever reaches is left out.
user_flags += -pthread -ffunction-sections -fdata-sections -fno-asynchronous-unwind-tables
sanitize_flags := $(if $(SANITIZE),-fsanitize=$(SANITIZE) -fno-sanitize-recover=all -fno-omit-frame-pointer)
fuzz_flags := $(if $(FUZZ),-fsanitize=fuzzer-no-link)
all_flags = $(user_flags) $(path_flags) $(CPPFLAGS) $(CFLAGS) $(sanitize_flags) $(fuzz_flags) $(werror)
werror := $(if $(WERROR),-Werror)
LDFLAGS += -Wl,--gc-sections
bpf_flags := -g -O2 -target bpf -D__TARGET_ARCH_$(bpf_arch) -Iinclude -Ivmlinux -Ibpf -Wall -Wextra \
	-Wno-unused-parameter $(path_flags) $(if $(LOADS),-DLOADS=$(LOADS))
test_flags = -std=gnu11 -O2 -g -Wall -Wextra $(CPPFLAGS) $(werror)

libraries := libbpf libelf zlib json-c libutf8proc libseccomp libcap-ng
# Without it, all that the linker would say is what it misses.
need_libraries = $(if $(shell $(PKG_CONFIG) --exists $(libraries) && echo yes),,$(error $(PKG_CONFIG) is missing, or does not \
	know all of: $(libraries)$(if $(CROSS_COMPILE), (make packages-cross))))
libs = $(need_libraries)$(shell $(PKG_CONFIG) --libs $(libraries))
libs_static = $(need_libraries)$(shell $(PKG_CONFIG) --static --libs $(libraries))

bpf_objects := $(patsubst bpf/%.c,$(out)/bpf/%.o,$(wildcard bpf/*.bpf.c))
skeleton := $(out)/execfail.skel.h
objects := $(patsubst src/%.c,$(B)/%.o,$(filter-out src/main.c,$(wildcard src/*.c src/*/*.c)))

build_packages := gcc make pkg-config libc6-dev clang bpftool libbpf-dev libelf-dev zlib1g-dev libjson-c-dev \
	libutf8proc-dev libseccomp-dev libcap-ng-dev scdoc
test_packages := libcmocka-dev valgrind libclang-rt-dev python3 python3-jsonschema python3-fastjsonschema qemu-system-x86 busybox-static cpio \
	xz-utils zstd lz4 binutils systemd cron sudo bash dash musl-tools secilc util-linux tmux fish ninja-build acl clang-format cppcheck shellcheck \
	debian-archive-keyring
# To build and to boot for arm64, on amd64: the package of a library is that of the other architecture.
cross_packages := $(if $(filter x86_64,$(machine)),gcc-aarch64-linux-gnu qemu-system-arm $(addsuffix :arm64,pkgconf libc6-dev \
	libbpf-dev libelf-dev zlib1g-dev libjson-c-dev libutf8proc-dev libseccomp-dev libcap-ng-dev))
# What tests/foreign runs with each `make test`, and what it builds of that.
foreign_packages := strace bash dash zsh busybox-static perl nodejs git openssh-client man-db less sudo cron libc6-dev-i386 libcap-dev
# And what `make foreign` has search for a program, beside those.
searcher_packages := golang-go cargo
# Names with versions, known once the above is there.
lib32gcc_package = lib32gcc-$$($(CC) -dumpversion)-dev
testsuite_package = libpython$$($(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])')-testsuite

.DELETE_ON_ERROR:
.PHONY: all install uninstall dist clean demo test check docs format FORCE

# The man page, too, if it can be: `make install` may be run by somebody else, who is to build nothing.
manuals := $(patsubst docs/%.scd,$(out)/%,$(wildcard docs/*.8.scd))
all: execfail $(if $(shell command -v scdoc),$(manuals))

# --- the program ---

# Flags that changed since the last build make it anew. WERROR changes no object and is none of them; and who installs need
# not know which flags there were.
ifeq ($(and $(filter install,$(MAKECMDGOALS)),$(wildcard $(B)/flags)),)
define remember # file, flags
ifneq ($$(strip $$(file <$(1))),$$(strip $(2)))
$$(shell mkdir -p $(dir $(1)))$$(file >$(1),$$(strip $(2)))
endif
endef
$(eval $(call remember,$(B)/flags,$$(CC) $$(filter-out -Werror,$$(all_flags)) $$(LDFLAGS)))
$(eval $(call remember,$(out)/bpf/flags,$$(CLANG) $$(bpf_flags)))
endif

# Always compared: the other kind of binary may lie there, and be newer.
execfail: $(B)/$(kind)/execfail FORCE
	$(Q)cmp -s $< $@ || cp $< $@

$(B)/dynamic/execfail: $(B)/main.o $(objects)
	$(call say,LD,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(all_flags) $(LDFLAGS) $^ $(libs) -o $@

$(B)/static/execfail: $(B)/main.o $(objects) $(addprefix $(B)/compat/,libelf.o libcap-ng.o utf8proc.o)
	$(call say,LD,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(all_flags) $(LDFLAGS) -static $^ $(libs_static) -o $@.full
	$(Q)$(STRIP) -o $@ $@.full

# Looks at each byte of each string: many at once.
$(B)/print/jsonvalue.o: private all_flags += $(if $(SANITIZE),,-O3)

# Small rather than fast: looking waits for files, and none of it is done for each event of a flood.
$(B)/cause/%.o $(B)/look/%.o $(B)/options%.o: private all_flags += $(if $(SANITIZE),,-Os)

$(B)/%.o: src/%.c $(B)/flags | $(skeleton)
	$(call say,CC,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(all_flags) -MMD -MP -c $< -o $@

$(B)/compat/%.o: compat/%.c $(B)/flags
	$(call say,CC,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(all_flags) -MMD -MP -c $< -o $@

# --- the programs inside of it ---

$(out)/bpf/%.bpf.o: bpf/%.bpf.c $(out)/bpf/flags
	$(need_arch)$(call say,BPF,$@)
	$(Q)$(CLANG) $(bpf_flags) $(werror) -MMD -MP -c $< -o $@

$(out)/execfail.bpf.o: $(bpf_objects)
	$(call say,BPFLINK,$@)
	$(Q)$(BPFTOOL) gen object $@ $^

# Without the programs' bytes, which are packed.
$(skeleton): $(out)/execfail.bpf.o Makefile
	$(call say,SKEL,$@)
	$(Q)$(BPFTOOL) gen skeleton $< name execfail_bpf | \
		sed '/elf_bytes(size_t \*sz)$$/,/^}/d; s/^static inline \(const void \*execfail_bpf__elf_bytes\)/\1/' > $@

# A program of the machine that builds.
HOSTCC ?= cc
$(out)/tools/unline: tools/unline.c
	$(call say,CC,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(HOSTCC) -O2 -Wall -Wextra $(werror) $< -lelf -o $@

$(out)/tools/characters: tools/characters.c
	$(call say,CC,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(HOSTCC) -O2 -Wall -Wextra $(werror) $< -lutf8proc -o $@

$(out)/characters.h: $(out)/tools/characters
	$(Q)$< > $@

$(B)/compat/utf8proc.o $(B)/tests/unit/test_characters: $(out)/characters.h

packed := $(out)/execfail.bpf.o.gz
$(packed): $(out)/execfail.bpf.o $(out)/tools/unline
	$(call say,PACK,$@)
	$(Q)cp $< $(@:.gz=.packing)
	$(Q)$(out)/tools/unline $(@:.gz=.packing)
	$(Q)gzip -9 -n -c $(@:.gz=.packing) > $@

$(B)/kernel/object.o: private user_flags += -DOBJECT_PACKED='"$(packed)"'
$(B)/kernel/object.o: $(packed)

# --- programs of the tests ---

unit_tests := $(patsubst tests/unit/%.c,$(B)/tests/unit/%,$(wildcard tests/unit/test_*.c))
fuzzers := $(patsubst tests/fuzz/%.c,$(B)/tests/fuzz/%,$(wildcard tests/fuzz/fuzz_*.c))
e2e_objects := $(patsubst tests/%.c,$(out)/tests/%.o,$(wildcard tests/e2e/*.c))
runner_objects := $(filter $(out)/tests/e2e/runner%,$(e2e_objects))
corpus_objects := $(filter-out $(runner_objects),$(e2e_objects))

# Helpers of tests/attack.
.SECONDARY: $(out)/tests/attack/clock.o
attack_programs := $(out)/tests/attack/clock.so $(out)/tests/attacker $(out)/tests/held

# An archive, so that a test may bring a part of the program of its own.
$(B)/libexecfail.a: $(objects)
	$(call say,AR,$@)
	$(Q)rm -f $@
	$(Q)$(AR) rcs $@ $^

$(B)/tests/unit/%: tests/unit/%.c $(B)/libexecfail.a $(B)/flags
	$(call say,TEST,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(all_flags) -Itests/unit -Werror=unused-function -MMD -MP $(LDFLAGS) $< $(B)/libexecfail.a -o $@ \
		$(libs) $(shell $(PKG_CONFIG) --libs cmocka)

$(B)/tests/fuzz/%: tests/fuzz/%.c $(B)/libexecfail.a $(B)/flags
	$(call say,FUZZER,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(all_flags) -Wno-missing-prototypes -fsanitize=fuzzer -MMD -MP $(LDFLAGS) $< $(B)/libexecfail.a -o $@ $(libs)

# Static: they run in guests that have nothing else.
$(out)/tests/e2e/%.o: tests/e2e/%.c
	$(call say,CC,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(test_flags) -pthread -MMD -MP -c $< -o $@

# For the kernel to load; without its compiler, the row that wants it says so.
$(out)/tests/selinux.policy: tests/e2e/selinux.cil
	$(call say,CIL,$@)
	$(Q)mkdir -p $(@D)
	$(Q)if command -v secilc >/dev/null; then secilc -c 30 -f /dev/null -o $@ $<; else : >$@; fi
$(out)/tests/e2e/corpus_selinux.o: $(out)/tests/selinux.policy
$(out)/tests/e2e/corpus_selinux.o: test_flags += -Wa,-I,$(out)/tests

$(out)/tests/runner: $(runner_objects)
$(out)/tests/corpus: $(corpus_objects)
$(out)/tests/runner $(out)/tests/corpus:
	$(call say,LD,$@)
	$(Q)$(CC) -static -pthread $^ $(shell $(PKG_CONFIG) --static --libs json-c) -o $@

$(out)/tests/attack/%.o: tests/attack/%.c
	$(call say,CC,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) -D_GNU_SOURCE $(test_flags) -fPIC -pthread -MMD -MP -c $< -o $@

$(out)/tests/attack/%.so: $(out)/tests/attack/%.o
	$(call say,LD,$@)
	$(Q)$(CC) -shared $^ -o $@

# Static: it runs as somebody who need not see the libraries.
$(out)/tests/attacker: $(out)/tests/attack/attacker.o $(out)/tests/attack/fuse.o
$(out)/tests/held: $(out)/tests/attack/held.o
$(out)/tests/attacker $(out)/tests/held:
	$(call say,LD,$@)
	$(Q)$(CC) -static -pthread $^ -o $@

-include $(wildcard $(B)/*.d $(B)/*/*.d $(out)/bpf/*.d $(B)/tests/*/*.d $(out)/tests/*/*.d)

# --- tests ---

# One more make for each: the other kinds of build are none of this one's.
.PHONY: unit-programs sanitize-programs fuzz-programs fuzzers e2e-programs arm64-programs programs kernels
unit-programs: $(unit_tests)
# With sanitizers, and with what fuzzers ask for beside: compiled once for both.
sanitize-programs: $(skeleton)
	+$(Q)$(MAKE) --no-print-directory FUZZ=1 unit-programs
fuzzers: $(fuzzers)
fuzz-programs: sanitize-programs
	+$(Q)$(MAKE) --no-print-directory FUZZ=1 fuzzers
e2e-programs: $(out)/static/execfail $(out)/tests/runner $(out)/tests/corpus
# For the kernels of the other architecture, once its tools are there.
cross := $(if $(CROSS_COMPILE),,$(if $(filter x86_64,$(machine)),$(shell command -v aarch64-linux-gnu-pkg-config)))
arm64-programs: $(skeleton)
	+$(Q)$(MAKE) --no-print-directory CROSS_COMPILE=aarch64-linux-gnu- e2e-programs
programs: execfail unit-programs sanitize-programs e2e-programs bench-programs $(attack_programs) \
	$(if $(fuzzers),fuzz-programs) $(if $(cross),arm64-programs)
# Downloads take their time while others compile. What could not be had is told by the families that need it.
kernels:
	-$(Q)tests/run --fetch

# Fast ones first. `schema` reads what those before it left.
all_tests := unit sanitize lint harness $(if $(fuzzers),fuzz) cli attack e2e foreign-quick vmlinux vm schema

# All of it, in guests as well; `foreign-table` counts what failed in it. Beside `sanitize`, valgrind also sees
# reads of what was never written.
more_tests := foreign valgrind

.PHONY: $(all_tests) $(more_tests) foreign-table vmlinux-check
unit valgrind: unit-programs
sanitize: sanitize-programs
lint schema cli: execfail
attack: execfail $(attack_programs)
fuzz: fuzz-programs
e2e: e2e-programs
vm: export VM_ALL = 1
vm: e2e-programs $(if $(cross),arm64-programs)
vmlinux: $(skeleton)
vmlinux-check: vmlinux
foreign-quick: execfail
foreign: execfail e2e-programs
$(all_tests) $(more_tests):
	+$(Q)tests/run $@

foreign-table:
	$(Q)tests/foreign/table

check:
	+$(Q)$(MAKE) --no-print-directory -j$(shell nproc) WERROR=1 programs kernels
	+$(Q)tests/run $(all_tests)

test: packages-test packages-cross packages-foreign-quick
	+$(Q)$(MAKE) --no-print-directory check

demo: packages-build
	+$(Q)$(MAKE) --no-print-directory -j$(shell nproc) execfail
	$(Q)tests/demo/run

format:
	$(CLANG_FORMAT) -i $$(git ls-files '*.[ch]')

# --- measurements: no tests, because what is slow here may be fast there ---

.PHONY: bench bench-programs
bench-programs: e2e-programs $(out)/bench/execs
$(out)/bench/execs: bench/execs.c
	$(call say,CC,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(test_flags) -static $< -o $@

# Natively first, alone; then two guests, each on a processor.
bench: bench-programs
	tests/vm/fetch 6.12
	bench/cost --native --rounds 3 --into docs/performance.md
	bench/filters --native --into docs/performance.md
	bench/coverage -o docs/coverage.md & coverage=$$!; bench/cost --rounds 2 --into docs/performance.md && \
		bench/filters --rounds 3 --into docs/performance.md && wait $$coverage

# --- packages ---

.PHONY: packages-build packages-test packages-cross packages-foreign-quick packages-foreign
packages-build:
	$(Q)tools/packages $(build_packages)
packages-test:
	$(Q)tools/packages $(build_packages) $(test_packages)
packages-foreign-quick: packages-test
	$(Q)tools/packages $(foreign_packages)
	$(Q)tools/packages $(lib32gcc_package)
packages-foreign: packages-foreign-quick
	$(Q)tools/packages $(testsuite_package) $(searcher_packages)
packages-cross:
	$(Q)tools/packages $(build_packages) $(cross_packages)

# --- documents, installing ---

docs: execfail
	$(Q)tools/docs ./execfail

$(out)/%.8: docs/%.8.scd
	$(call say,MAN,$@)
	$(Q)scdoc < $< > $@

documents := LICENSE $(wildcard LICENSES/*.txt) README.md NEWS.md SECURITY.md docs/internals.md docs/reasons.md docs/event.schema.json docs/cookbook.md docs/demo.svg docs/loop.svg

install: execfail $(manuals)
	install -D -m 755 execfail $(DESTDIR)$(bindir)/execfail
	install -D -m 644 -t $(DESTDIR)$(mandir)/man8 $(manuals)
	install -D -m 644 completions/execfail.bash $(DESTDIR)$(completiondir)/execfail
	install -D -m 644 completions/execfail.zsh $(DESTDIR)$(zshdir)/_execfail
	install -D -m 644 completions/execfail.fish $(DESTDIR)$(fishdir)/execfail.fish
	install -D -m 644 -t $(DESTDIR)$(docdir) $(documents)

# What was installed, and the folder that is nobody else's.
uninstall:
	rm -f $(DESTDIR)$(bindir)/execfail $(addprefix $(DESTDIR)$(mandir)/man8/,$(notdir $(manuals))) $(DESTDIR)$(completiondir)/execfail \
		$(DESTDIR)$(zshdir)/_execfail $(DESTDIR)$(fishdir)/execfail.fish $(addprefix $(DESTDIR)$(docdir)/,$(notdir $(documents)))
	-rmdir $(DESTDIR)$(docdir)

dist:
	mkdir -p $(out)
	git archive --prefix=execfail-$(VERSION)/ -o $(out)/execfail-$(VERSION).tar.gz HEAD

clean:
	rm -rf build execfail
