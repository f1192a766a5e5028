// The C++ header in both error styles: built once with exceptions and once without. `cpp CONFIG`, of a surveyed suite.
#include <lightspeed.hpp>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <utility>

namespace ls = lightspeed;

#define CHECK(condition) \
    do { \
        if (!(condition)) { \
            std::fprintf(stderr, "%s:%d: %s does not hold\n", __FILE__, __LINE__, #condition); \
            std::exit(1); \
        } \
    } while (0)

// The value of a call that must succeed, and the error of one that must fail.
#if LIGHTSPEED_HAS_EXCEPTIONS
template <class T> T value(T result) { return result; }
#define OK(call) (call)
template <class F> ls::Error error_of(F call) {
    try {
        call();
    } catch (const ls::Error &error) {
        return error;
    }
    CHECK(!"the call did not fail");
    std::abort();
}
#else
template <class T> T value(ls::Expected<T> result) {
    if (!result)
        std::fprintf(stderr, "%.*s\n", static_cast<int>(result.error().message().size()), result.error().message().data());
    CHECK(result);
    return *std::move(result);
}
#define OK(call) CHECK(call)
template <class F> ls::Error error_of(F call) {
    auto result = call();
    CHECK(!result);
    return result.error();
}
#endif

static const char SOURCE[] = "def one():\n    return 1\n\n\ndef two():\n    return 2\n";
static const char CHANGED[] = "def one():\n    return 1\n\n\ndef two():\n    return 3\n";

static void blocks_are_a_range() {
    auto blocks = value(ls::Blocks::analyse(SOURCE));
    std::string ids;
    for (ls::Block block : blocks)
        ids += std::string(block.id()) + " ";
    CHECK(ids == "<module> one two ");
    CHECK(blocks.size() == 3 && blocks[2].lines() == std::make_pair(5u, 6u) && blocks[1].kind() == LIGHTSPEED_BLOCK_KIND_FUNCTION);
    CHECK(blocks[1].checksum() != blocks[2].checksum() && blocks.diagnostics().empty());
    auto moved = std::move(blocks);
    CHECK(moved.size() == 3);
    auto broken = value(ls::Blocks::analyse("def one(:\n"));
    CHECK(!broken.diagnostics().empty() && !broken.diagnostics()[0].text().empty());
}

static ls::Index surveyed() {
    auto survey = value(ls::Survey::create());
    OK(survey.add_file("core.py", SOURCE));
    const auto one = value(survey.add_benchmark("one")), two = value(survey.add_benchmark("two"));
    OK(survey.executed(one, "core.py", {2}));
    auto coverage = value(ls::Coverage::read("SF:/x/core.py\nDA:6,1\nend_of_record\n"));
    for (ls::CoveredFile file : coverage)
        CHECK(file.path() == "/x/core.py" && file.size() == 1 && *file.begin() == 6);
    CHECK(value(survey.covered(two, coverage)) == 1);
    CHECK(error_of([&] { return survey.executed(9, "core.py", {1}); }).status() == LIGHTSPEED_STATUS_INVALID_ARGUMENT);
    return value(std::move(survey).finish());
}

static void indexes_answer() {
    auto index = value(ls::Index::load(value(surveyed().save())));
    CHECK(index.size() == 2 && index.benchmark(1) == "two");
    CHECK(index.file_count() == 1 && index.file(0) == "core.py");
    CHECK(value(index.select({{"core.py", SOURCE}})).empty());
    auto selection = value(index.select({{"core.py", CHANGED}}));
    CHECK(selection.size() == 1 && selection.unaffected_count() == 1);
    for (ls::Affected affected : selection)
        CHECK(affected.benchmark() == "two" && affected.reason() == "it executes two, which changed (core.py:5-6)");
    const auto document = value(selection.json());
    CHECK(document.find("lightspeed.select/1") != std::string::npos);
    CHECK(value(ls::report_text(document)).find("1 of 2") != std::string::npos);
    CHECK(value(index.select({{"core.py", std::nullopt}})).size() == 2);
    auto error = error_of([&] { return ls::Index::load("something else"); });
    CHECK(error.status() == LIGHTSPEED_STATUS_DATABASE && error.name() == "DATABASE" && error.line() == 0);
    auto copy = error;
    CHECK(copy.message() == error.message() && !copy.message().empty());
}

static void experiments_decide() {
    auto experiment = value(ls::Experiment::create({"a", "b"}));
    double noise = 0.0;
    for (auto run = value(experiment.next()); run.more; run = value(experiment.next())) {
        noise = noise > 0.004 ? 0.0 : noise + 0.001;
        const bool slow = run.index == 1 && run.side == LIGHTSPEED_SIDE_CURRENT;
        OK(experiment.record({(slow ? 2.0 : 1.0) + noise}, 0.1));
    }
    CHECK(value(experiment.result(1)).verdict == LIGHTSPEED_VERDICT_REGRESSED);
    CHECK(ls::verdict_name(LIGHTSPEED_VERDICT_REGRESSED) == "REGRESSED" && ls::gate_name(99) == "UNKNOWN");
    CHECK(ls::outcome_name(value(experiment.result(0)).outcome) == "OK");
    CHECK(value(experiment.result(0)).verdict == LIGHTSPEED_VERDICT_EQUIVALENT);
    CHECK(value(value(ls::Experiment::resume(value(experiment.state()))).progress()).decided == 2);
    CHECK(error_of([&] { return experiment.record({1.0}, 0.1); }).status() != LIGHTSPEED_STATUS_OK);
}

static void stopped_pairs_leave_a_receipt() {
    const lightspeed_str command[] = {LIGHTSPEED_STR_INIT("true")};
    lightspeed_pair_options options = LIGHTSPEED_PAIR_OPTIONS_INIT;
    options.baseline = options.current = command;
    options.baseline_count = options.current_count = 1;
    options.listener = [](void *, const lightspeed_event *event) { return std::int32_t{event->kind == LIGHTSPEED_EVENT_KIND_RAN}; };
    ls::Pair stopped{LIGHTSPEED_GATE_NONE, {}};
    CHECK(error_of([&] { return ls::run_pair(options, &stopped); }).status() == LIGHTSPEED_STATUS_CANCELLED);
    CHECK(stopped.gate == LIGHTSPEED_GATE_WARN && stopped.receipt_json.find("\"interrupted\":true") != std::string::npos);
    CHECK(error_of([&] { return ls::run_pair(options); }).status() == LIGHTSPEED_STATUS_CANCELLED);
    options.listener = nullptr;
    CHECK(!value(ls::run_pair(options, &stopped)).receipt_json.empty());
}

static void statistics_are_there() {
    CHECK(value(ls::stats::summarize({3.0, 1.0, 2.0})).median == 2.0);
    CHECK(!value(ls::stats::call("holm", "{\"p_values\": [0.01, 0.2]}")).empty());
    CHECK(error_of([] { return ls::stats::call("no such", "{}"); }).status() == LIGHTSPEED_STATUS_INVALID_ARGUMENT);
    CHECK(error_of([] { return ls::stats::summarize({}); }).status() == LIGHTSPEED_STATUS_STATISTICS);
}

// Nothing changed; a listener that stops the call; and with exceptions one that throws.
static void sessions_listen(const char *config) {
    auto session = value(ls::Session::open(config));
    CHECK(value(session.select_survey()).empty() && value(session.select_files({})).empty());
    CHECK(error_of([&] { return session.explain_survey("bench.no_such"); }).status() == LIGHTSPEED_STATUS_INVALID_ARGUMENT);
    CHECK(!value(session.explain_survey("bench.time_one")).empty() && !value(session.explain_git("bench.time_one")).empty());
    CHECK(!value(session.explain_files("bench.time_one", {"pkg/core.py"})).empty());
    CHECK(!value(session.database()).empty() && value(session.measure_survey()).empty());
    lightspeed_init_options again = LIGHTSPEED_INIT_OPTIONS_INIT;
    again.force = 1;
    auto stopped = error_of([&] { return session.init(again, [](const lightspeed_event &) { return false; }); });
    CHECK(stopped.status() == LIGHTSPEED_STATUS_CANCELLED);
#if LIGHTSPEED_HAS_EXCEPTIONS
    try {
        session.init(again, [](const lightspeed_event &) -> bool { throw std::string("from the listener"); });
        CHECK(!"nothing was thrown");
    } catch (const std::string &thrown) {
        CHECK(thrown == "from the listener");
    }
    try {
        ls::Session::open("/no/such/asv.conf.json");
        CHECK(!"nothing was thrown");
    } catch (const std::exception &error) {
        CHECK(std::strstr(error.what(), "/no/such/asv.conf.json"));
    }
#endif
    auto cancel = value(ls::Cancel::create());
    cancel.raise();
    lightspeed_select_options options = LIGHTSPEED_SELECT_OPTIONS_INIT;
    options.cancel = cancel.get();
    CHECK(cancel.is_raised());
    CHECK(error_of([&] { return session.select_survey(&options); }).status() == LIGHTSPEED_STATUS_CANCELLED);
}

int main(int argc, char **argv) {
    CHECK(argc == 2 && ls::is_compatible() && !ls::version().empty());
    blocks_are_a_range();
    indexes_answer();
    experiments_decide();
    statistics_are_there();
    stopped_pairs_leave_a_receipt();
    sessions_listen(argv[1]);
    std::puts("C++ works");
    return 0;
}
