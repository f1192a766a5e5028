#!/bin/sh
# coverage.sh BENCHMARK: runs it once in the build for coverage, and writes which lines it executed to coverage/BENCHMARK.info.
set -e
rm -f coverage/*.gcda
coverage/once "$1"
gcov --stdout coverage/*.gcda 2>/dev/null | awk -f lcov.awk > "coverage/$1.info"
