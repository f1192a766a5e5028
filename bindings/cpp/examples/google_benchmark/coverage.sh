#!/bin/sh
# coverage.sh BENCHMARK: runs it in the build for coverage, and prints which lines it executed as a tracefile of lcov.
set -e
rm -f coverage/*.gcda
coverage/bench --benchmark_filter="^$1\$" --benchmark_min_time=0.001 > coverage/log 2>&1
gcov --stdout --demangled-names coverage/*.gcda 2>/dev/null | awk -f lcov.awk
