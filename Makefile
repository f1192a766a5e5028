# The two that matter: `make demo` shows the program on a real suite, `make test` runs every test.
# Needs cargo with clippy and rustfmt, python3 (3.9 or newer, with venv), git and a C compiler; `make test` also Node.js,
# npm, Go, CMake and pkg-config. The rest goes into target/, but for what scripts/wasm.sh and
# scripts/chromium.sh may ask rustup or Debian for, and what npm keeps in bindings/js.

PYTHON ?= python3
CARGO ?= cargo
NODE ?= node
GO ?= $(or $(shell command -v go),/usr/local/go/bin/go)
# What the tests run is one build: optimised, with assertions, without the release's link-time optimisation.
CHECKED := --profile checked
BUILT := $(abspath $(or $(CARGO_TARGET_DIR),target))

# The dashboard's page in what the tests run: the built one, else one that stands in for it.
PAGE = $(firstword $(wildcard $(abspath bindings/js/dashboard/dist/lightspeed.html)) $(abspath tests/e2e/pages/stand-in.html))
lint checked test-rust test-c: export LIGHTSPEED_DASHBOARD = $(PAGE)

# The libraries for C, after all that uses the Rust one: cargo leaves out link-time optimisation where it builds them beside it.
LIBRARIES = $(CARGO) rustc --release --package lightspeed --lib --crate-type cdylib,staticlib

# The interpreters that the tests use, looked up when a recipe first needs them.
PYTHONS = $(eval PYTHONS := $$(shell $(PYTHON) scripts/venvs.py))$(PYTHONS)
FIRST_PYTHON = $(eval FIRST_PYTHON := $$(shell $(PYTHON) scripts/venvs.py --first))$(FIRST_PYTHON)
WITH_PYTHONS = LIGHTSPEED_PYTHONS="$(PYTHONS)" LIGHTSPEED_TEST_PYTHON="$(FIRST_PYTHON)"
WITH_PROGRAM = $(WITH_PYTHONS) LIGHTSPEED_BIN="$(BUILT)/checked/lightspeed"

# Where `make install` puts the library and the program; what is installed may be moved. DESTDIR is put in front, for packages.
PREFIX ?= /usr/local
DESTDIR ?=

.PHONY: demo train test bench bench-js dashboard go lint build clean install uninstall checked pythons test-rust test-oracle test-go-oracle test-driver test-cases test-e2e test-c test-go test-python test-asv test-train test-js miri tsan

demo: build
	LIGHTSPEED_BIN="$(BUILT)/release/lightspeed" $(PYTHON) demo/run.py

test: lint test-rust test-oracle test-go-oracle test-driver test-cases test-e2e test-c test-go test-python test-asv test-train test-js
	@echo "all tests passed"

# Ten edits to flox, each scored, and all of its suite by asv beside it: a quarter of an hour.
train: build
	$(LIBRARIES)
	LIGHTSPEED_LIBRARY="$(BUILT)/release/liblightspeed.so" $(PYTHON) bindings/python/examples/training_loop.py

bench: build
	$(CARGO) build --release --package lightspeed-core --example throughput --example edits --example stats_speed
	@python="$$($(PYTHON) scripts/venvs.py --tools benches)" || exit 1; \
	"$${python:-$(PYTHON)}" benches/fingerprint.py --program "$(BUILT)/release/examples/throughput" \
		--edits "$(BUILT)/release/examples/edits" && \
	"$${python:-$(PYTHON)}" benches/stats_speed.py --program "$(BUILT)/release/examples/stats_speed"
	$(CARGO) run --quiet --release --package lightspeed --example scale
	$(CARGO) build --release --package lightspeed --example select_speed
	$(LIBRARIES)
	$(PYTHON) benches/capi.py --built "$(BUILT)/release"
	LIGHTSPEED_LIBRARY="$(BUILT)/release/liblightspeed.so" $(PYTHON) benches/python.py
	$(PYTHON) benches/pair.py --lightspeed "$(BUILT)/release/lightspeed"
	$(PYTHON) benches/sweep.py --lightspeed "$(BUILT)/release/lightspeed"
	"$(BUILT)/release/lightspeed" stats simulate --series 1000 --seed 1
	LIGHTSPEED_BIN="$(BUILT)/release/lightspeed" $(PYTHON) scripts/bench.py

# The module beside the library, after `make dashboard`: sizes and throughput in Node, selection in Chromium. SOURCES are Python files below a folder.
SOURCES = $(shell $(PYTHON) -c 'import sysconfig; print(sysconfig.get_path("stdlib"))')
bench-js:
	$(CARGO) build --release --package lightspeed-core --example throughput
	$(CARGO) run --quiet --release --package lightspeed --example scale -- 50000 500 20 "$(BUILT)/scale"
	$(NODE) bindings/js/benches/throughput.mjs --program "$(BUILT)/release/examples/throughput" --wasm "$(BUILT)/wasm/web" $(SOURCES)
	CHROMIUM="$$(scripts/chromium.sh)" $(NODE) bindings/js/benches/selection.mjs "$(BUILT)/scale"

lint:
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets $(CHECKED) -- -D warnings
	$(CARGO) clippy --package lightspeed-core --no-default-features $(CHECKED) -- -D warnings

build:
	$(CARGO) build --release --package lightspeed-cli

install: build
	$(LIBRARIES)
	$(PYTHON) scripts/install.py "$(BUILT)/release" "$(PREFIX)" --destdir "$(DESTDIR)"

# The page that the program serves and reports are made from: one file. The next build of the program takes it in.
dashboard:
	scripts/wasm.sh
	cd bindings/js && npm ci --no-audit --no-fund && LIGHTSPEED_WASM="$(BUILT)/wasm/web" npm run build && npm run build --workspace dashboard

# Where the Go package looks for what it is linked with: programs that use it are one file.
go:
	$(LIBRARIES)
	mkdir -p bindings/go/lib
	$(PYTHON) scripts/hide.py "$(BUILT)/release/liblightspeed.a" bindings/go/lib/liblightspeed.a tests/abi/symbols.txt

uninstall:
	$(PYTHON) scripts/install.py --uninstall "$(PREFIX)" --destdir "$(DESTDIR)"

clean:
	$(CARGO) clean

# An interpreter must be found before anything says that it was tested.
pythons:
	@test -n "$(PYTHONS)" -a -n "$(FIRST_PYTHON)"
	@echo "interpreters: $(PYTHONS)"

# With the examples, so that dependencies have the features that the tests gave them, and nothing is built a second time.
checked:
	$(CARGO) build --workspace --lib --bins --examples $(CHECKED)

test-rust: pythons
	$(WITH_PYTHONS) $(CARGO) test --workspace $(CHECKED)

# A sample of the standard library, against CPython's own syntax trees; the whole check is described in the script.
test-oracle:
	$(CARGO) build --workspace --example blocks $(CHECKED)
	@python="$$($(PYTHON) scripts/venvs.py --tools tests/oracle)" || exit 1; \
	if [ -z "$$python" ]; then echo "left out: the syntax tree oracle needs Python 3.12"; exit 0; fi; \
	"$$python" tests/oracle/ast_oracle.py --blocks "$(BUILT)/checked/examples/blocks" --sample 1 60 && \
	"$$python" tests/oracle/constructs.py --blocks "$(BUILT)/checked/examples/blocks" && \
	"$$python" tests/oracle/expressions.py --blocks "$(BUILT)/checked/examples/blocks"

# A sample of Go's own source, against Go's own packages; the whole check is described in main.go.
test-go-oracle:
	@command -v $(GO) >/dev/null || { echo "test-go-oracle needs Go 1.24 or newer, as '$(GO)' (GO=/usr/local/go/bin/go names another one)" >&2; exit 1; }
	$(CARGO) build --workspace --example blocks $(CHECKED)
	@unformatted="$$($$($(GO) env GOROOT)/bin/gofmt -l tests/oracle/go)"; test -z "$$unformatted" || { echo "gofmt changes $$unformatted" >&2; exit 1; }
	cd tests/oracle/go && $(GO) vet . && $(GO) test . && \
		$(GO) run . -blocks "$(BUILT)/checked/examples/blocks" -seed 1 -sample 100 -mutations 15 -packages 8

# Two files at a time.
test-driver: pythons
	@cd tests/driver && ls test_*.py | $(WITH_PYTHONS) xargs -P 2 -I EACH $(PYTHON) ../../scripts/quietly.py "$(BUILT)/logs/driver/EACH.log" \
		$(PYTHON) -m unittest EACH

# Every case on every interpreter: the import system and the tracers differ between them.
test-cases: pythons checked
	$(WITH_PROGRAM) $(PYTHON) tests/cases/run.py

# Two files at a time.
test-e2e: pythons checked
	@cd tests/e2e && ls test_*.py | $(WITH_PROGRAM) xargs -P 2 -I EACH $(PYTHON) ../../scripts/quietly.py "$(BUILT)/logs/e2e/EACH.log" \
		$(PYTHON) -m unittest EACH

# The C interface: header, exported symbols, and C programs linked both ways.
test-c: pythons checked
	$(WITH_PROGRAM) $(MAKE) -C tests/c test LIBDIR="$(BUILT)/checked" OUT="$(BUILT)/c" PYTHON="$(PYTHON)"

# The Go package, with the library that the other tests use in place of the one in its lib; once with a collection at each call. Go
# does not see that an archive has changed: -count=1.
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2
WITH_ARCHIVE = $(WITH_PROGRAM) CGO_LDFLAGS="-L$(BUILT)/go"
test-go: pythons checked
	@command -v $(GO) >/dev/null || { echo "test-go needs Go 1.24 or newer, as '$(GO)' (GO=/usr/local/go/bin/go names another one)" >&2; exit 1; }
	mkdir -p "$(BUILT)/go"
	$(PYTHON) scripts/hide.py "$(BUILT)/checked/liblightspeed.a" "$(BUILT)/go/liblightspeed.a" tests/abi/symbols.txt
	@unformatted="$$($$($(GO) env GOROOT)/bin/gofmt -l bindings/go)"; test -z "$$unformatted" || { echo "gofmt changes $$unformatted" >&2; exit 1; }
	cd bindings/go && $(WITH_ARCHIVE) $(GO) vet ./...
	cd bindings/go && $(WITH_ARCHIVE) $(GO) run $(STATICCHECK) ./...
	cd bindings/go && $(WITH_ARCHIVE) $(GO) test -count=1 -race ./...
	cd bindings/go && $(WITH_ARCHIVE) MALLOC_ARENA_MAX=1 $(GO) test -count=1 -run TestLeaks .
	cd bindings/go && $(WITH_ARCHIVE) $(GO) test -count=1 -short -tags lightspeed_debug ./...
	cd bindings/go/examples/gobench && $(WITH_ARCHIVE) $(GO) vet ./...
	cd bindings/go/examples/gobench && $(WITH_ARCHIVE) $(GO) run $(STATICCHECK) ./...
	cd bindings/go/examples/gobench && $(WITH_ARCHIVE) $(GO) test -count=1 -timeout 30m ./...

# The Python package on every interpreter, two at a time, with the library that the other tests use; its types with the newest.
test-python: pythons checked
	@python="$$($(PYTHON) scripts/venvs.py --tools bindings/python)" || exit 1; \
	if [ -z "$$python" ]; then echo "left out: types of the Python package need Python 3.12"; exit 0; fi; \
	"$$python" -m mypy --config-file bindings/python/pyproject.toml bindings/python/src/lightspeed
	@echo "$(PYTHONS)" | tr ':' '\n' | xargs -P 2 -I EACH $(PYTHON) scripts/quietly.py "$(BUILT)/logs/pythonEACH.log" \
		LIGHTSPEED_LIBRARY="$(BUILT)/checked/liblightspeed.so" LIGHTSPEED_TEST_PYTHON=EACH EACH -W error -m unittest discover bindings/python/tests

# The pointers of the C interface in Miri: `rustup +nightly component add miri rust-src` beforehand.
miri:
	$(CARGO) +nightly miri test --package lightspeed --lib capi

# C programs that share handles between threads, with the library, its C and the standard library watched for races. Needs clang, and
# what `miri` needs.
RACES := x86_64-unknown-linux-gnu
tsan:
	CC_x86_64_unknown_linux_gnu=clang CFLAGS_x86_64_unknown_linux_gnu=-fsanitize=thread RUSTFLAGS=-Zsanitizer=thread \
		$(CARGO) +nightly build -Zbuild-std --target $(RACES) --package lightspeed --lib $(CHECKED)
	$(MAKE) -C tests/c races OUT="$(BUILT)/c" RACES_LIBDIR="$(BUILT)/$(RACES)/checked" \
		RACES_RUNTIME="$$(ls "$$(rustc +nightly --print sysroot)"/lib/rustlib/$(RACES)/lib/*_rt.tsan.a)"

# Both wheels on stock asv, by the oldest and the newest interpreter.
test-asv: pythons checked
	@oldest="$(PYTHONS)"; newest="$${oldest%%:*}"; oldest="$${oldest##*:}"; test "$$oldest" != "$$newest" || oldest=; \
		LIGHTSPEED_LIBRARY="$(BUILT)/checked/liblightspeed.so" $(PYTHON) bindings/asv-lightspeed/tests/wheels.py $$oldest $$newest

# The example of a training loop, as far as it takes to see that it works.
test-train: checked
	LIGHTSPEED_LIBRARY="$(BUILT)/checked/liblightspeed.so" $(PYTHON) bindings/python/examples/training_loop.py --no-full-run --edits 3 --rounds 1

# The JavaScript package in Node and in headless Chromium: the shared vectors, what the program says of the same files, and the package as
# others install it.
test-js: pythons checked
	@command -v $(NODE) >/dev/null || { echo "test-js needs Node.js 20.19 or newer, as '$(NODE)'" >&2; exit 1; }
	scripts/wasm.sh
	cd bindings/js && npm ci --no-audit --no-fund && LIGHTSPEED_WASM="$(BUILT)/wasm/web" npm run build && npm run check && \
		$(WITH_PROGRAM) npm test && \
		npm run check --workspace dashboard && npm test --workspace dashboard && npm run test:page --workspace dashboard && \
		npm run build --workspace dashboard && $(WITH_PROGRAM) npm run test:built --workspace dashboard

# Further suites are prerequisites of `test`, one target each. That generated files are current, `test-rust` finds out.
