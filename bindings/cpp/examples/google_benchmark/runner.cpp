// Runs of a Google Benchmark suite only what a change affects, as often as it takes to know.
//
//   runner survey             runs every benchmark once for coverage: survey.bin
//   runner compare OLD NEW    two builds of the suite: those benchmarks that the changes since the survey affect, in turn until
//                             it is known whether they differ; exits with 2 where one became slower
//
// Without exceptions the library would answer with values instead: see lightspeed.hpp.

#include <lightspeed.hpp>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>
#include <stdexcept>

namespace ls = lightspeed;

static const char SURVEY[] = "survey.bin";

// What a command prints.
static std::string output_of(const std::string &command) {
    std::FILE *pipe = popen(command.c_str(), "r");
    if (!pipe)
        throw std::runtime_error("cannot be run: " + command);
    std::string output;
    char part[4096];
    while (std::size_t read = std::fread(part, 1, sizeof part, pipe))
        output.append(part, read);
    if (pclose(pipe) != 0)
        throw std::runtime_error("failed: " + command);
    return output;
}

static std::vector<std::string> lines_of(const std::string &text) {
    std::istringstream stream(text);
    std::vector<std::string> lines;
    for (std::string line; std::getline(stream, line);)
        lines.push_back(line);
    return lines;
}

static int survey() {
    auto survey = ls::Survey::create();
    survey.add_directory(".");
    const auto names = lines_of(output_of("./bench --benchmark_list_tests"));
    for (const auto &name : names)
        survey.covered(survey.add_benchmark(name), ls::Coverage::read(output_of("./coverage.sh '" + name + "'")));
    std::ofstream(SURVEY, std::ios::binary) << std::move(survey).finish().save();
    std::cout << names.size() << " benchmarks surveyed\n";
    return 0;
}

// Nanoseconds of one call, as a build of the suite measures it in a process of its own.
static double nanoseconds(const std::string &suite, std::string_view benchmark) {
    std::string command = suite + " --benchmark_filter='^" + std::string(benchmark) + "$' --benchmark_min_time=0.02";
    const auto lines = lines_of(output_of(command + " --benchmark_format=csv 2>/dev/null"));
    // name,iterations,real_time,…
    std::istringstream row(lines.empty() ? "" : lines.back());
    std::string cell;
    for (int column = 0; column < 3; column++)
        std::getline(row, cell, ',');
    return std::stod(cell);
}

static int compare(const std::string &before, const std::string &after) {
    std::ifstream file(SURVEY, std::ios::binary);
    std::ostringstream bytes;
    bytes << file.rdbuf();
    const auto selection = ls::Index::load(bytes.str()).select_directory(".");
    std::cout << selection.size() << " affected, " << selection.unaffected_count() << " not\n";
    if (selection.empty())
        return 0;

    std::vector<std::string_view> names;
    for (const auto affected : selection) {
        names.push_back(affected.benchmark());
        std::cout << affected.benchmark() << ": " << affected.reason() << '\n';
    }
    lightspeed_experiment_options options = LIGHTSPEED_EXPERIMENT_OPTIONS_INIT;
    options.pairs = 40;
    options.margin = 0.05;
    auto experiment = ls::Experiment::create(names, &options);
    for (auto run = experiment.next(); run.more; run = experiment.next()) {
        const auto began = std::chrono::steady_clock::now();
        const double value = nanoseconds(run.side == LIGHTSPEED_SIDE_BASELINE ? before : after, names[run.index]);
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
        experiment.record({value}, took.count());
    }

    bool slower = false;
    for (std::size_t i = 0; i < names.size(); i++) {
        const auto result = experiment.result(i);
        std::printf("%-14.*s %9.0f ns %9.0f ns  x%.3f after %zu pairs: %s\n", static_cast<int>(names[i].size()), names[i].data(),
                    result.baseline, result.current, result.ratio, result.pairs, lightspeed_verdict_name(result.verdict).ptr);
        slower |= result.verdict == LIGHTSPEED_VERDICT_REGRESSED;
    }
    return slower ? 2 : 0;
}

int main(int argc, char **argv) {
    const std::vector<std::string> words(argv + 1, argv + argc);
    if (!ls::is_compatible()) {
        std::cerr << "runner: the library has another binary interface than the header\n";
        return 1;
    }
    try {
        if (words.size() == 1 && words[0] == "survey")
            return survey();
        if (words.size() == 3 && words[0] == "compare")
            return compare(words[1], words[2]);
    } catch (const std::exception &error) {
        std::cerr << "runner: " << error.what() << '\n';
        return 1;
    }
    std::cerr << "usage: runner survey|compare OLD NEW\n";
    return 1;
}
