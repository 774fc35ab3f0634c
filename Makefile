# The front door: each target is a few lines over cmake, ctest and scripts/. Each kind of build has
# a folder of its own, build*/. CMAKE_FLAGS goes to every configuration, PREFIX to the installation.
PREFIX      ?= /usr/local
JOBS        ?= $(shell nproc 2>/dev/null || echo 2)
FUZZ_SECONDS?= 60
CMAKE_FLAGS ?=
build        = cmake -S . -B $(1) $(2) $(CMAKE_FLAGS) && cmake --build $(1) -j$(JOBS)
ctest        = ctest --test-dir $(1) -j$(JOBS) --output-on-failure

all:                ## the library and the tool, in build/
	$(call build,build,)
demo:               ## a real TLS 1.3 exchange between our server and our client
	scripts/install-dependencies build demo
	$(MAKE) all
	scripts/demo build
check:              ## every test
	scripts/install-dependencies build test
	$(call build,build-check,-DGALVAN_TESTS=ON)
	$(call ctest,build-check)
check-curl:         ## curl's own tests, with a curl that is built on Galvan
	scripts/install-dependencies build test curl
	cmake -S . -B build-curl -DGALVAN_TESTS=ON -DGALVAN_CURL=ON $(CMAKE_FLAGS)
	cmake --build build-curl -j$(JOBS) --target galvan galvan_static galvan_tool
	ctest --test-dir build-curl -L curl -V
asan:               ## every test under AddressSanitizer and UndefinedBehaviorSanitizer
	scripts/install-dependencies build test
	$(call build,build-asan,-DGALVAN_TESTS=ON -DGALVAN_SANITIZE=ON)
	$(call ctest,build-asan)
tsan:               ## every test under ThreadSanitizer (older ones want addresses not randomized)
	scripts/install-dependencies build test
	$(call build,build-tsan,-DGALVAN_TESTS=ON -DGALVAN_TSAN=ON)
	`setarch -R true 2>/dev/null && echo setarch -R` $(call ctest,build-tsan)
bench:              ## one line for each scenario, OpenSSL's libssl measured beside it
	scripts/install-dependencies build bench
	$(call build,build-bench,-DGALVAN_BENCH=ON -DCMAKE_BUILD_TYPE=Release)
	build-bench/bench/galvan-bench
fuzz:               ## each fuzzer for FUZZ_SECONDS, from its corpus
	scripts/install-dependencies build test clang
	$(call build,build-fuzz,-DGALVAN_FUZZ=ON -DCMAKE_C_COMPILER=clang)
	scripts/fuzz build-fuzz $(FUZZ_SECONDS)
coverage:           ## every test, and how many lines of src/ they reach: 93 percent at least
	scripts/install-dependencies build test coverage
	$(call build,build-coverage,-DGALVAN_TESTS=ON -DCMAKE_BUILD_TYPE=Debug -DCMAKE_C_FLAGS="--coverage -fprofile-update=atomic")
	scripts/coverage build-coverage 93
fmt:                ## lays out the code as .clang-format says
	git ls-files '*.c' '*.h' | xargs clang-format -i
lint:               ## clang-tidy, cppcheck and -fanalyzer over the library and the tool, shellcheck over the scripts
	scripts/install-dependencies build lint
	$(call build,build,)
	scripts/lint build
install: all        ## into PREFIX (and DESTDIR)
	cmake --install build --prefix $(PREFIX)
clean:              ## removes every build folder
	rm -rf build build-*/
.PHONY: all demo check coverage check-curl asan tsan bench fuzz fmt lint install clean
