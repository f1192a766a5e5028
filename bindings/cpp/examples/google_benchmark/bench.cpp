// An ordinary suite of Google Benchmark: nothing in it knows of Lightspeed.
#include "src/text.hpp"

#include <benchmark/benchmark.h>

static const std::string &words() {
    static const std::string text = [] {
        std::string made;
        for (int i = 0; i < 500; i++)
            made += "word" + std::to_string(i) + ",";
        return made;
    }();
    return text;
}

static void split_words(benchmark::State &state) {
    for (auto _ : state)
        benchmark::DoNotOptimize(split(words(), ','));
}
BENCHMARK(split_words);

static void join_words(benchmark::State &state) {
    const auto parts = split(words(), ',');
    for (auto _ : state)
        benchmark::DoNotOptimize(join(parts, ";"));
}
BENCHMARK(join_words);

static void replace_words(benchmark::State &state) {
    for (auto _ : state)
        benchmark::DoNotOptimize(replaced(words(), "word", "w"));
}
BENCHMARK(replace_words);

BENCHMARK_MAIN();
