/*
 * libLightspeed for C++17: handles that free themselves, ranges over results, errors as exceptions. Nothing but calls of
 * lightspeed.h, whose comments say what each of them does; this header has no state of its own.
 *
 * Errors. A call that fails throws lightspeed::Error. Without exceptions (-fno-exceptions, or LIGHTSPEED_NO_EXCEPTIONS
 * defined before this header is included) the same calls return lightspeed::Expected<T>, which holds a value or an Error;
 * `lightspeed::Result<T>` is the one or the other.
 *
 * Lifetime. A handle can be moved, not copied. Text comes back as std::string_view into the handle that it was asked of, and is
 * valid as long as that lives; whole documents come back as std::string. Text that goes in is read during the call only.
 *
 * Threads. As in C: const members may be called from several threads at once, others are for one thread at a time.
 */

#ifndef LIGHTSPEED_HPP
#define LIGHTSPEED_HPP

#include <lightspeed.h>

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#if defined(LIGHTSPEED_NO_EXCEPTIONS) || !(defined(__cpp_exceptions) || defined(__EXCEPTIONS))
#define LIGHTSPEED_HAS_EXCEPTIONS 0
#else
#define LIGHTSPEED_HAS_EXCEPTIONS 1
#include <exception>
#endif

namespace lightspeed {

namespace detail {

inline lightspeed_str in(std::string_view text) { return {text.data(), text.size()}; }

inline lightspeed_bytes bytes_in(std::string_view bytes) {
    return {reinterpret_cast<const std::uint8_t *>(bytes.data()), bytes.size()};
}

inline std::string_view out(lightspeed_str text) { return {text.ptr, text.len}; }

/** Takes the text over and frees the buffer. */
inline std::string taken(lightspeed_buf &buffer) {
    std::string text = buffer.ptr ? std::string(buffer.ptr, buffer.len) : std::string();
    lightspeed_buf_free(&buffer);
    return text;
}

} // namespace detail

/** Why a call failed. Copies share one object of the library. */
class Error
#if LIGHTSPEED_HAS_EXCEPTIONS
    : public std::exception
#endif
{
public:
    /** Takes an error object over. */
    explicit Error(lightspeed_error *error) : error_(error, lightspeed_error_free) {}

    lightspeed_status status() const noexcept { return lightspeed_error_code(error_.get()); }

    /** The name of the status, `INVALID_ARGUMENT`. */
    std::string_view name() const noexcept { return detail::out(lightspeed_status_name(status())); }

    /** What was wrong and what to do, in one line. */
    std::string_view message() const noexcept { return detail::out(lightspeed_error_message(error_.get())); }

    /** The text behind the message, a traceback for example; often empty. */
    std::string_view detail() const noexcept { return detail::out(lightspeed_error_detail(error_.get())); }

    /** The file that it is about; empty where it is about none. */
    std::string_view path() const noexcept { return detail::out(lightspeed_error_path(error_.get())); }

    /** The line in that file, from 1; 0 where there is none. */
    std::uint32_t line() const noexcept { return lightspeed_error_line(error_.get()); }

#if LIGHTSPEED_HAS_EXCEPTIONS
    /** The message, ended by NUL. */
    const char *what() const noexcept override {
        if (!what_) {
            try {
                what_ = std::make_shared<const std::string>(message());
            } catch (...) {
                return "lightspeed failed, and there is no memory to say how";
            }
        }
        return what_->c_str();
    }
#endif

private:
    std::shared_ptr<lightspeed_error> error_;
#if LIGHTSPEED_HAS_EXCEPTIONS
    mutable std::shared_ptr<const std::string> what_;
#endif
};

#if LIGHTSPEED_HAS_EXCEPTIONS

/** What a call returns that can fail: its value; a failure is thrown. */
template <class T> using Result = T;

#else

/** A value, or the error that there is instead of it. */
template <class T> class [[nodiscard]] Expected {
public:
    Expected(T value) : value_(std::move(value)) {}
    Expected(Error error) : error_(std::move(error)) {}

    explicit operator bool() const noexcept { return value_.has_value(); }

    /** Only where there is one. */
    T &operator*() & noexcept { return *value_; }
    const T &operator*() const & noexcept { return *value_; }
    T &&operator*() && noexcept { return std::move(*value_); }
    T *operator->() noexcept { return &*value_; }
    const T *operator->() const noexcept { return &*value_; }

    /** Only where there is no value. */
    const Error &error() const noexcept { return *error_; }

private:
    std::optional<T> value_;
    std::optional<Error> error_;
};

/** Done, or the error. */
template <> class [[nodiscard]] Expected<void> {
public:
    Expected() = default;
    Expected(Error error) : error_(std::move(error)) {}

    explicit operator bool() const noexcept { return !error_; }

    /** Only after a failure. */
    const Error &error() const noexcept { return *error_; }

private:
    std::optional<Error> error_;
};

/** What a call returns that can fail. */
template <class T> using Result = Expected<T>;

#endif

namespace detail {

/** The value after success, made by `value()`; else the error, thrown or returned. */
template <class F>
auto finish(lightspeed_status status, lightspeed_error *error, F value) -> Result<decltype(value())> {
    if (status != LIGHTSPEED_STATUS_OK) {
#if LIGHTSPEED_HAS_EXCEPTIONS
        throw Error(error);
#else
        return Error(error);
#endif
    }
#if !LIGHTSPEED_HAS_EXCEPTIONS
    if constexpr (std::is_void_v<decltype(value())>) {
        value();
        return {};
    } else
#endif
        return value();
}

inline Result<void> done(lightspeed_status status, lightspeed_error *error) {
    return finish(status, error, [] {});
}

/** What a call writes into a buffer, `call(buffer, error)`. */
template <class Call> Result<std::string> text(Call call) {
    lightspeed_buf buffer = LIGHTSPEED_BUF_INIT;
    lightspeed_error *error = nullptr;
    auto status = call(&buffer, &error);
    return finish(status, error, [&] { return taken(buffer); });
}

/** A handle that frees itself. */
template <class T, void (*release)(T *)> struct Release {
    void operator()(T *handle) const noexcept { release(handle); }
};
template <class T, void (*release)(T *)> using Handle = std::unique_ptr<T, Release<T, release>>;

/** The items of a result, made when they are looked at. */
template <class Owner, class Item> class Range {
public:
    class iterator {
    public:
        using iterator_category = std::input_iterator_tag;
        using value_type = Item;
        using difference_type = std::ptrdiff_t;
        using pointer = void;
        using reference = Item;

        iterator(const Owner *owner, std::size_t index) noexcept : owner_(owner), index_(index) {}
        Item operator*() const { return Item(owner_, index_); }
        iterator &operator++() noexcept {
            ++index_;
            return *this;
        }
        iterator operator++(int) noexcept { return iterator(owner_, index_++); }
        bool operator==(const iterator &other) const noexcept { return index_ == other.index_; }
        bool operator!=(const iterator &other) const noexcept { return index_ != other.index_; }

    private:
        const Owner *owner_;
        std::size_t index_;
    };

    Range(const Owner *owner, std::size_t size) noexcept : owner_(owner), size_(size) {}
    iterator begin() const noexcept { return {owner_, 0}; }
    iterator end() const noexcept { return {owner_, size_}; }
    std::size_t size() const noexcept { return size_; }
    bool empty() const noexcept { return size_ == 0; }
    /** `index` must be below size(). */
    Item operator[](std::size_t index) const { return Item(owner_, index); }

private:
    const Owner *owner_;
    std::size_t size_;
};

/** A text of an item that is there: the call cannot fail, and would give the empty text. */
template <class Call, class... Place> std::string_view text_of(Call call, Place... place) noexcept {
    lightspeed_str text = LIGHTSPEED_STR_EMPTY;
    call(place..., &text, nullptr);
    return out(text);
}

/** A function object as a listener; what it throws comes out of the call. */
template <class F> struct Heard {
    F &listener;
#if LIGHTSPEED_HAS_EXCEPTIONS
    std::exception_ptr thrown{};
#endif

    static std::int32_t hear(void *userdata, const lightspeed_event *event) {
        auto *heard = static_cast<Heard *>(userdata);
#if LIGHTSPEED_HAS_EXCEPTIONS
        try {
            return heard->listener(*event) ? 0 : 1;
        } catch (...) {
            heard->thrown = std::current_exception();
            return 1;
        }
#else
        return heard->listener(*event) ? 0 : 1;
#endif
    }

    void rethrow() {
#if LIGHTSPEED_HAS_EXCEPTIONS
        if (thrown)
            std::rethrow_exception(thrown);
#endif
    }
};

} // namespace detail

/** The version of the library, `0.1.0`. */
inline std::string_view version() noexcept { return detail::out(lightspeed_version()); }

/** Whether the library has the binary interface that this header was written for. Look before any other call. */
inline bool is_compatible() noexcept { return lightspeed_abi_version() == LIGHTSPEED_ABI_VERSION; }

/** The names of numbers in results, `REGRESSED`; `UNKNOWN` for those that the library does not know. */
inline std::string_view outcome_name(std::int32_t outcome) noexcept { return detail::out(lightspeed_outcome_name(outcome)); }
inline std::string_view verdict_name(std::int32_t verdict) noexcept { return detail::out(lightspeed_verdict_name(verdict)); }
inline std::string_view gate_name(std::int32_t gate) noexcept { return detail::out(lightspeed_gate_name(gate)); }

/** Stops the calls whose options name it. May be raised from any thread and from a signal handler. */
class Cancel {
public:
    static Result<Cancel> create() {
        lightspeed_cancel *raw = nullptr;
        lightspeed_error *error = nullptr;
        auto status = lightspeed_cancel_new(&raw, &error);
        return detail::finish(status, error, [&] { return Cancel(raw); });
    }

    void raise() const noexcept { lightspeed_cancel_raise(handle_.get()); }
    bool is_raised() const noexcept { return lightspeed_cancel_is_raised(handle_.get()); }
    const lightspeed_cancel *get() const noexcept { return handle_.get(); }

private:
    explicit Cancel(lightspeed_cancel *raw) : handle_(raw) {}
    detail::Handle<lightspeed_cancel, lightspeed_cancel_free> handle_;
};

/** One block of a source file. */
class Block {
public:
    Block(const lightspeed_blocks *blocks, std::size_t index) noexcept : blocks_(blocks), index_(index) {}

    std::string_view id() const noexcept { return detail::text_of(lightspeed_blocks_id, blocks_, index_); }
    std::int32_t kind() const noexcept {
        std::int32_t kind = 0;
        lightspeed_blocks_kind(blocks_, index_, &kind, nullptr);
        return kind;
    }
    /** First and last line, from 1. */
    std::pair<std::uint32_t, std::uint32_t> lines() const noexcept {
        std::pair<std::uint32_t, std::uint32_t> lines{0, 0};
        lightspeed_blocks_lines(blocks_, index_, &lines.first, &lines.second, nullptr);
        return lines;
    }
    std::uint32_t checksum() const noexcept {
        std::uint32_t checksum = 0;
        lightspeed_blocks_checksum(blocks_, index_, &checksum, nullptr);
        return checksum;
    }

private:
    const lightspeed_blocks *blocks_;
    std::size_t index_;
};

/** A part of a source file that could not be read. */
class Diagnostic {
public:
    Diagnostic(const lightspeed_blocks *blocks, std::size_t index) noexcept {
        lightspeed_str text = LIGHTSPEED_STR_EMPTY;
        lightspeed_blocks_diagnostic(blocks, index, &text, &line_, nullptr);
        text_ = detail::out(text);
    }

    std::string_view text() const noexcept { return text_; }
    std::uint32_t line() const noexcept { return line_; }

private:
    std::string_view text_;
    std::uint32_t line_ = 0;
};

/** What a source file is made of: a range of blocks. */
class Blocks {
public:
    static Result<Blocks> analyse(std::string_view source, const lightspeed_blocks_options *options = nullptr) {
        lightspeed_blocks *raw = nullptr;
        lightspeed_error *error = nullptr;
        auto status = lightspeed_blocks_analyse(detail::bytes_in(source), options, &raw, &error);
        return detail::finish(status, error, [&] { return Blocks(raw); });
    }

    detail::Range<lightspeed_blocks, Block> all() const noexcept {
        return {handle_.get(), lightspeed_blocks_count(handle_.get())};
    }
    auto begin() const noexcept { return all().begin(); }
    auto end() const noexcept { return all().end(); }
    std::size_t size() const noexcept { return all().size(); }
    Block operator[](std::size_t index) const noexcept { return {handle_.get(), index}; }
    detail::Range<lightspeed_blocks, Diagnostic> diagnostics() const noexcept {
        return {handle_.get(), lightspeed_blocks_diagnostic_count(handle_.get())};
    }

private:
    explicit Blocks(lightspeed_blocks *raw) : handle_(raw) {}
    detail::Handle<lightspeed_blocks, lightspeed_blocks_free> handle_;
};

/** A file of a coverage report. */
class CoveredFile {
public:
    CoveredFile(const lightspeed_coverage *coverage, std::size_t index) noexcept : coverage_(coverage), index_(index) {
        lightspeed_coverage_lines(coverage, index, &lines_, &count_, nullptr);
    }

    /** As the tool wrote it. */
    std::string_view path() const noexcept { return detail::text_of(lightspeed_coverage_path, coverage_, index_); }
    /** The lines that ran, from 1. */
    const std::uint32_t *begin() const noexcept { return lines_; }
    const std::uint32_t *end() const noexcept { return lines_ + count_; }
    std::size_t size() const noexcept { return count_; }

private:
    const lightspeed_coverage *coverage_;
    std::size_t index_;
    const std::uint32_t *lines_ = nullptr;
    std::size_t count_ = 0;
};

/** A coverage report of another tool: a range of files. */
class Coverage {
public:
    static Result<Coverage> read(std::string_view report, std::int32_t format = LIGHTSPEED_COVERAGE_FORMAT_ANY) {
        lightspeed_coverage *raw = nullptr;
        lightspeed_error *error = nullptr;
        auto status = lightspeed_coverage_read(detail::bytes_in(report), format, &raw, &error);
        return detail::finish(status, error, [&] { return Coverage(raw); });
    }

    detail::Range<lightspeed_coverage, CoveredFile> files() const noexcept {
        return {handle_.get(), lightspeed_coverage_count(handle_.get())};
    }
    auto begin() const noexcept { return files().begin(); }
    auto end() const noexcept { return files().end(); }
    std::size_t size() const noexcept { return files().size(); }
    const lightspeed_coverage *get() const noexcept { return handle_.get(); }

private:
    explicit Coverage(lightspeed_coverage *raw) : handle_(raw) {}
    detail::Handle<lightspeed_coverage, lightspeed_coverage_free> handle_;
};

/** An affected benchmark instance. */
class Affected {
public:
    Affected(const lightspeed_selection *selection, std::size_t index) noexcept : selection_(selection), index_(index) {}

    std::string_view benchmark() const noexcept { return detail::text_of(lightspeed_selection_benchmark, selection_, index_); }
    std::size_t reason_count() const noexcept {
        std::size_t count = 0;
        lightspeed_selection_reason_count(selection_, index_, &count, nullptr);
        return count;
    }
    /** `reason` must be below reason_count(); there is at least one. */
    std::string_view reason(std::size_t reason = 0) const noexcept {
        return detail::text_of(lightspeed_selection_reason, selection_, index_, reason);
    }

private:
    const lightspeed_selection *selection_;
    std::size_t index_;
};

/** What a change affects: a range of instances. */
class Selection {
public:
    /** Takes a handle over. */
    explicit Selection(lightspeed_selection *raw) : handle_(raw) {}

    detail::Range<lightspeed_selection, Affected> affected() const noexcept {
        return {handle_.get(), lightspeed_selection_count(handle_.get())};
    }
    auto begin() const noexcept { return affected().begin(); }
    auto end() const noexcept { return affected().end(); }
    std::size_t size() const noexcept { return affected().size(); }
    bool empty() const noexcept { return size() == 0; }
    std::size_t unaffected_count() const noexcept { return lightspeed_selection_unaffected_count(handle_.get()); }

    /** The whole as a JSON document (docs/schemas/select.json). */
    Result<std::string> json() const {
        return detail::text([&](auto *text, auto *error) { return lightspeed_selection_json(handle_.get(), text, error); });
    }

private:
    detail::Handle<lightspeed_selection, lightspeed_selection_free> handle_;
};

/** A file as it is now. */
struct File {
    /** Relative to the top of the sources, separated by '/'. */
    std::string_view path;
    /** Nothing says that it is gone. */
    std::optional<std::string_view> content;
};

/** What each benchmark executed, ready to be asked what files affect. */
class Index {
public:
    /** Takes a handle over. */
    explicit Index(lightspeed_index *raw) : handle_(raw) {}

    /** From the bytes that save() gave. */
    static Result<Index> load(std::string_view bytes) {
        lightspeed_index *raw = nullptr;
        lightspeed_error *error = nullptr;
        auto status = lightspeed_index_load(detail::bytes_in(bytes), &raw, &error);
        return detail::finish(status, error, [&] { return Index(raw); });
    }

    Result<std::string> save() const {
        return detail::text([&](auto *text, auto *error) { return lightspeed_index_save(handle_.get(), text, error); });
    }

    std::size_t size() const noexcept { return lightspeed_index_count(handle_.get()); }
    /** `number` must be below size(). */
    std::string_view benchmark(std::size_t number) const noexcept {
        return detail::text_of(lightspeed_index_benchmark, handle_.get(), number);
    }

    std::size_t file_count() const noexcept { return lightspeed_index_file_count(handle_.get()); }
    /** `number` must be below file_count(). */
    std::string_view file(std::size_t number) const noexcept {
        return detail::text_of(lightspeed_index_file, handle_.get(), number);
    }

    Result<Selection> select(const std::vector<File> &files, const lightspeed_select_options *options = nullptr) const {
        std::vector<lightspeed_file> now;
        now.reserve(files.size());
        for (const File &file : files)
            now.push_back({detail::in(file.path), detail::bytes_in(file.content.value_or("")), file.content ? 0 : 1});
        lightspeed_selection *raw = nullptr;
        lightspeed_error *error = nullptr;
        auto status = lightspeed_index_select(handle_.get(), now.data(), now.size(), options, &raw, &error);
        return detail::finish(status, error, [&] { return Selection(raw); });
    }

    /** What the files below the top of the sources, as they are on disk, affect. */
    Result<Selection> select_directory(std::string_view root, const lightspeed_select_options *options = nullptr) const {
        lightspeed_selection *raw = nullptr;
        lightspeed_error *error = nullptr;
        auto status = lightspeed_index_select_directory(handle_.get(), detail::in(root), options, &raw, &error);
        return detail::finish(status, error, [&] { return Selection(raw); });
    }

    const lightspeed_index *get() const noexcept { return handle_.get(); }

private:
    detail::Handle<lightspeed_index, lightspeed_index_free> handle_;
};

/** A survey that is being put together: source files, benchmarks, what each of them executed. */
class Survey {
public:
    static Result<Survey> create(const lightspeed_blocks_options *options = nullptr) {
        lightspeed_survey *raw = nullptr;
        lightspeed_error *error = nullptr;
        auto status = lightspeed_survey_new(options, &raw, &error);
        return detail::finish(status, error, [&] { return Survey(raw); });
    }

    Result<void> add_file(std::string_view path, std::string_view content) {
        lightspeed_error *error = nullptr;
        auto status = lightspeed_survey_add_file(handle_.get(), detail::in(path), detail::bytes_in(content), &error);
        return detail::done(status, error);
    }
    /** How many sources there were. */
    Result<std::size_t> add_directory(std::string_view root) {
        std::size_t count = 0;
        lightspeed_error *error = nullptr;
        auto status = lightspeed_survey_add_directory(handle_.get(), detail::in(root), &count, &error);
        return detail::finish(status, error, [&] { return count; });
    }
    /** The benchmark's number. */
    Result<std::uint32_t> add_benchmark(std::string_view id) {
        std::uint32_t number = 0;
        lightspeed_error *error = nullptr;
        auto status = lightspeed_survey_add_benchmark(handle_.get(), detail::in(id), &number, &error);
        return detail::finish(status, error, [&] { return number; });
    }
    Result<void> executed(std::uint32_t benchmark, std::string_view path, const std::vector<std::uint32_t> &lines) {
        lightspeed_error *error = nullptr;
        auto status = lightspeed_survey_executed(handle_.get(), benchmark, detail::in(path), lines.data(), lines.size(), &error);
        return detail::done(status, error);
    }
    /** How many of the report's files are known. */
    Result<std::size_t> covered(std::uint32_t benchmark, const Coverage &coverage) {
        std::size_t known = 0;
        lightspeed_error *error = nullptr;
        auto status = lightspeed_survey_covered(handle_.get(), benchmark, coverage.get(), &known, &error);
        return detail::finish(status, error, [&] { return known; });
    }
    /** A Go benchmark begins at this function of a test file, of which Go's coverage says nothing. */
    Result<void> begins_at(std::uint32_t benchmark, std::string_view path, std::string_view function) {
        lightspeed_error *error = nullptr;
        auto status = lightspeed_survey_begins_at(handle_.get(), benchmark, detail::in(path), detail::in(function), &error);
        return detail::done(status, error);
    }
    Result<void> depends_on(std::uint32_t benchmark, std::string_view path) {
        lightspeed_error *error = nullptr;
        auto status = lightspeed_survey_depends_on(handle_.get(), benchmark, detail::in(path), &error);
        return detail::done(status, error);
    }
    Result<void> doubt(std::uint32_t benchmark, std::string_view reason) {
        lightspeed_error *error = nullptr;
        auto status = lightspeed_survey_doubt(handle_.get(), benchmark, detail::in(reason), &error);
        return detail::done(status, error);
    }
    Result<Index> finish() && {
        lightspeed_index *raw = nullptr;
        lightspeed_error *error = nullptr;
        auto status = lightspeed_survey_finish(handle_.release(), &raw, &error);
        return detail::finish(status, error, [&] { return Index(raw); });
    }

private:
    explicit Survey(lightspeed_survey *raw) : handle_(raw) {}
    detail::Handle<lightspeed_survey, lightspeed_survey_free> handle_;
};

/** A database of surveys, baselines and steps. */
class Store {
public:
    static Result<Store> open(std::string_view path, std::int32_t mode = LIGHTSPEED_STORE_MODE_READ) {
        lightspeed_store *raw = nullptr;
        lightspeed_error *error = nullptr;
        auto status = lightspeed_store_open(detail::in(path), mode, &raw, &error);
        return detail::finish(status, error, [&] { return Store(raw); });
    }

    Result<void> put_survey(const Index &index) const {
        lightspeed_error *error = nullptr;
        auto status = lightspeed_store_put_survey(handle_.get(), index.get(), &error);
        return detail::done(status, error);
    }
    Result<Index> survey() const {
        lightspeed_index *raw = nullptr;
        lightspeed_error *error = nullptr;
        auto status = lightspeed_store_survey(handle_.get(), &raw, &error);
        return detail::finish(status, error, [&] { return Index(raw); });
    }
    Result<void> put_baseline(std::string_view benchmark, std::string_view unit, const std::vector<double> &samples) const {
        lightspeed_error *error = nullptr;
        auto status = lightspeed_store_put_baseline(handle_.get(), detail::in(benchmark), detail::in(unit), samples.data(),
                                                    samples.size(), &error);
        return detail::done(status, error);
    }
    /** Its samples; none where there is no baseline. */
    Result<std::vector<double>> baseline(std::string_view benchmark) const {
        std::vector<double> samples;
        std::size_t count = 0;
        lightspeed_status status = LIGHTSPEED_STATUS_OK;
        lightspeed_error *error = nullptr;
        do {
            samples.resize(count);
            status = lightspeed_store_baseline(handle_.get(), detail::in(benchmark), samples.data(), samples.size(), &count,
                                               &error);
        } while (status == LIGHTSPEED_STATUS_OK && count > samples.size());
        return detail::finish(status, error, [&] {
            samples.resize(count);
            return std::move(samples);
        });
    }
    Result<void> begin_step(std::string_view step_id) const {
        lightspeed_error *error = nullptr;
        auto status = lightspeed_store_begin_step(handle_.get(), detail::in(step_id), &error);
        return detail::done(status, error);
    }
    Result<void> put_result(std::string_view step_id, std::string_view benchmark, std::string_view unit,
                            const std::vector<double> &samples, std::int32_t verdict = LIGHTSPEED_VERDICT_NONE) const {
        lightspeed_error *error = nullptr;
        auto status = lightspeed_store_put_result(handle_.get(), detail::in(step_id), detail::in(benchmark), detail::in(unit),
                                                  samples.data(), samples.size(), verdict, &error);
        return detail::done(status, error);
    }
    /** The baselines, or the results of a step (docs/schemas/results.json). */
    Result<std::string> results_json(std::string_view step_id = {}) const {
        return detail::text([&](auto *text, auto *error) {
            return lightspeed_store_results_json(handle_.get(), detail::in(step_id), text, error);
        });
    }
    /** All baselines, to be loaded into another database (docs/schemas/baselines.json). */
    Result<std::string> baselines_json() const {
        return detail::text([&](auto *text, auto *error) { return lightspeed_store_baselines_json(handle_.get(), text, error); });
    }
    /** Keeps baselines of such an object; says how many, and which it refused. The caller vouches for what they do not say. */
    Result<std::string> load_baselines(std::string_view json) {
        return detail::text([&](auto *text, auto *error) {
            return lightspeed_store_load_baselines(handle_.get(), detail::in(json), text, error);
        });
    }
    /** The benchmarks that the last survey found (docs/schemas/suite.json). */
    Result<std::string> suite_json() const {
        return detail::text([&](auto *text, auto *error) { return lightspeed_store_suite_json(handle_.get(), text, error); });
    }

private:
    explicit Store(lightspeed_store *raw) : handle_(raw) {}
    detail::Handle<lightspeed_store, lightspeed_store_free> handle_;
};

/** What was measured of an instance. */
class Measured {
public:
    Measured(const lightspeed_measurement *measurement, std::size_t index) noexcept
        : measurement_(measurement), index_(index) {}

    std::string_view benchmark() const noexcept { return detail::text_of(lightspeed_measurement_benchmark, measurement_, index_); }
    /** What its numbers count: `seconds`, `bytes` … */
    std::string_view unit() const noexcept { return detail::text_of(lightspeed_measurement_unit, measurement_, index_); }
    /** Why there is no number, or what should be known of it; often empty. */
    std::string_view message() const noexcept { return detail::text_of(lightspeed_measurement_message, measurement_, index_); }
    /** Its numbers; NaN where there is none. */
    lightspeed_result result() const noexcept {
        lightspeed_result result{};
        lightspeed_measurement_result(measurement_, index_, &result, nullptr);
        return result;
    }
    std::size_t reason_count() const noexcept {
        std::size_t count = 0;
        lightspeed_measurement_reason_count(measurement_, index_, &count, nullptr);
        return count;
    }
    /** Why it was selected; `reason` must be below reason_count(). */
    std::string_view reason(std::size_t reason = 0) const noexcept {
        return detail::text_of(lightspeed_measurement_reason, measurement_, index_, reason);
    }

private:
    const lightspeed_measurement *measurement_;
    std::size_t index_;
};

/** What a session measured: a range of instances. */
class Measurement {
public:
    /** Takes a handle over. */
    explicit Measurement(lightspeed_measurement *raw) : handle_(raw) {}

    detail::Range<lightspeed_measurement, Measured> all() const noexcept {
        return {handle_.get(), lightspeed_measurement_count(handle_.get())};
    }
    auto begin() const noexcept { return all().begin(); }
    auto end() const noexcept { return all().end(); }
    std::size_t size() const noexcept { return all().size(); }
    bool empty() const noexcept { return size() == 0; }
    /** The worst of all, a `lightspeed_gate`. */
    std::int32_t gate() const noexcept { return lightspeed_measurement_gate(handle_.get()); }

    /** The whole as a JSON document (docs/schemas/measure.json). */
    Result<std::string> json() const {
        return detail::text([&](auto *text, auto *error) { return lightspeed_measurement_json(handle_.get(), text, error); });
    }

private:
    detail::Handle<lightspeed_measurement, lightspeed_measurement_free> handle_;
};

/** Hears nothing. */
struct NoListener {
    bool operator()(const lightspeed_event &) const noexcept { return true; }
};

/**
 * A suite, a source tree and a database together.
 *
 * Listeners are function objects that take a `const lightspeed_event &` and return whether to go on; they are called on the
 * thread of the call. What they throw comes out of the call, which is stopped by it.
 */
class Session {
public:
    static Result<Session> open(std::string_view config, const lightspeed_session_options *options = nullptr) {
        lightspeed_session *raw = nullptr;
        lightspeed_error *error = nullptr;
        auto status = lightspeed_session_open(detail::in(config), options, &raw, &error);
        return detail::finish(status, error, [&] { return Session(raw); });
    }

    /** Surveys the suite and measures its baseline. The report is a JSON document (docs/schemas/init.json). */
    template <class F = NoListener>
    Result<std::string> init(lightspeed_init_options options = LIGHTSPEED_INIT_OPTIONS_INIT, F listener = {}) const {
        detail::Heard<F> heard{listener};
        options.listener = detail::Heard<F>::hear;
        options.userdata = &heard;
        lightspeed_buf report = LIGHTSPEED_BUF_INIT;
        lightspeed_error *error = nullptr;
        auto status = lightspeed_session_init(handle_.get(), &options, &report, &error);
        return ended(heard, status, error, [&] { return detail::taken(report); });
    }

    Result<Selection> select_files(const std::vector<std::string_view> &files,
                                   const lightspeed_select_options *options = nullptr) const {
        auto names = named(files);
        lightspeed_selection *raw = nullptr;
        lightspeed_error *error = nullptr;
        auto status = lightspeed_session_select_files(handle_.get(), names.data(), names.size(), options, &raw, &error);
        return detail::finish(status, error, [&] { return Selection(raw); });
    }
    /** `base` empty: since the last commit. */
    Result<Selection> select_git(std::string_view base = {}, const lightspeed_select_options *options = nullptr) const {
        lightspeed_selection *raw = nullptr;
        lightspeed_error *error = nullptr;
        auto status = lightspeed_session_select_git(handle_.get(), detail::in(base), options, &raw, &error);
        return detail::finish(status, error, [&] { return Selection(raw); });
    }
    Result<Selection> select_survey(const lightspeed_select_options *options = nullptr) const {
        lightspeed_selection *raw = nullptr;
        lightspeed_error *error = nullptr;
        auto status = lightspeed_session_select_survey(handle_.get(), options, &raw, &error);
        return detail::finish(status, error, [&] { return Selection(raw); });
    }

    /** Why an instance is affected, with the lines that changed (docs/schemas/explain.json). */
    Result<std::string> explain_files(std::string_view benchmark, const std::vector<std::string_view> &files,
                                      const lightspeed_select_options *options = nullptr) const {
        auto names = named(files);
        return detail::text([&](auto *json, auto *error) {
            return lightspeed_session_explain_files(handle_.get(), detail::in(benchmark), names.data(), names.size(), options, json, error);
        });
    }
    Result<std::string> explain_git(std::string_view benchmark, std::string_view base = {},
                                    const lightspeed_select_options *options = nullptr) const {
        return detail::text([&](auto *json, auto *error) {
            return lightspeed_session_explain_git(handle_.get(), detail::in(benchmark), detail::in(base), options, json, error);
        });
    }
    Result<std::string> explain_survey(std::string_view benchmark, const lightspeed_select_options *options = nullptr) const {
        return detail::text([&](auto *json, auto *error) {
            return lightspeed_session_explain_survey(handle_.get(), detail::in(benchmark), options, json, error);
        });
    }

    template <class F = NoListener>
    Result<Measurement> measure_files(const std::vector<std::string_view> &files,
                                      lightspeed_measure_options options = LIGHTSPEED_MEASURE_OPTIONS_INIT, F listener = {},
                                      const lightspeed_select_options *select = nullptr) const {
        auto names = named(files);
        return measured(options, listener, [&](auto *measurement, auto *error) {
            return lightspeed_session_measure_files(handle_.get(), names.data(), names.size(), select, &options, measurement, error);
        });
    }
    /** `base` empty: what changed since the last commit. */
    template <class F = NoListener>
    Result<Measurement> measure_git(std::string_view base = {},
                                    lightspeed_measure_options options = LIGHTSPEED_MEASURE_OPTIONS_INIT, F listener = {},
                                    const lightspeed_select_options *select = nullptr) const {
        return measured(options, listener, [&](auto *measurement, auto *error) {
            return lightspeed_session_measure_git(handle_.get(), detail::in(base), select, &options, measurement, error);
        });
    }
    template <class F = NoListener>
    Result<Measurement> measure_survey(lightspeed_measure_options options = LIGHTSPEED_MEASURE_OPTIONS_INIT, F listener = {},
                                       const lightspeed_select_options *select = nullptr) const {
        return measured(options, listener, [&](auto *measurement, auto *error) {
            return lightspeed_session_measure_survey(handle_.get(), select, &options, measurement, error);
        });
    }

    /** The baselines, or the results of a step (docs/schemas/results.json). */
    Result<std::string> results_json(std::string_view step_id = {}) const {
        return detail::text([&](auto *text, auto *error) {
            return lightspeed_session_results_json(handle_.get(), detail::in(step_id), text, error);
        });
    }
    /** The path of its database. */
    Result<std::string> database() const {
        return detail::text([&](auto *text, auto *error) { return lightspeed_session_database(handle_.get(), text, error); });
    }

private:
    explicit Session(lightspeed_session *raw) : handle_(raw) {}

    static std::vector<lightspeed_str> named(const std::vector<std::string_view> &files) {
        std::vector<lightspeed_str> names;
        names.reserve(files.size());
        for (std::string_view file : files)
            names.push_back(detail::in(file));
        return names;
    }

    template <class F, class Call>
    Result<Measurement> measured(lightspeed_measure_options &options, F &listener, Call call) const {
        detail::Heard<F> heard{listener};
        options.listener = detail::Heard<F>::hear;
        options.userdata = &heard;
        lightspeed_measurement *raw = nullptr;
        lightspeed_error *error = nullptr;
        auto status = call(&raw, &error);
        return ended(heard, status, error, [&] { return Measurement(raw); });
    }

    /** What the listener threw comes first: the error of the call only says that it was stopped. */
    template <class F, class Value>
    static auto ended(detail::Heard<F> &heard, lightspeed_status status, lightspeed_error *error, Value value) {
        Error held(error);
        heard.rethrow();
        if (status == LIGHTSPEED_STATUS_OK)
            return detail::finish(status, nullptr, value);
#if LIGHTSPEED_HAS_EXCEPTIONS
        throw held;
#else
        return Result<decltype(value())>(held);
#endif
    }

    detail::Handle<lightspeed_session, lightspeed_session_free> handle_;
};

/** Says what to run next, and when it is enough, to a harness that runs its benchmarks itself. */
class Experiment {
public:
    static Result<Experiment> create(const std::vector<std::string_view> &benchmarks,
                                     const lightspeed_experiment_options *options = nullptr) {
        std::vector<lightspeed_str> names;
        names.reserve(benchmarks.size());
        for (std::string_view benchmark : benchmarks)
            names.push_back(detail::in(benchmark));
        return made([&](auto *experiment, auto *error) {
            return lightspeed_experiment_new(names.data(), names.size(), options, experiment, error);
        });
    }
    static Result<Experiment> from_plan(std::string_view plan_json) {
        return made([&](auto *experiment, auto *error) {
            return lightspeed_experiment_from_plan(detail::in(plan_json), experiment, error);
        });
    }
    /** Goes on where state() was taken. */
    static Result<Experiment> resume(std::string_view state_json) {
        return made([&](auto *experiment, auto *error) {
            return lightspeed_experiment_resume(detail::in(state_json), experiment, error);
        });
    }

    /** What to run now; `more` is false where nothing is left. The same until its outcome was recorded. */
    Result<lightspeed_run> next() {
        lightspeed_run run{};
        lightspeed_error *error = nullptr;
        auto status = lightspeed_experiment_next(handle_.get(), &run, &error);
        return detail::finish(status, error, [&] { return run; });
    }
    Result<void> record(const std::vector<double> &values, double wall_s) {
        lightspeed_error *error = nullptr;
        auto status = lightspeed_experiment_record(handle_.get(), values.data(), values.size(), wall_s, &error);
        return detail::done(status, error);
    }
    Result<void> record_failed(std::string_view reason) {
        lightspeed_error *error = nullptr;
        auto status = lightspeed_experiment_record_failed(handle_.get(), detail::in(reason), &error);
        return detail::done(status, error);
    }
    Result<void> record_timed_out() {
        lightspeed_error *error = nullptr;
        auto status = lightspeed_experiment_record_timed_out(handle_.get(), &error);
        return detail::done(status, error);
    }
    Result<void> record_skipped() {
        lightspeed_error *error = nullptr;
        auto status = lightspeed_experiment_record_skipped(handle_.get(), &error);
        return detail::done(status, error);
    }
    Result<void> cancel() {
        lightspeed_error *error = nullptr;
        auto status = lightspeed_experiment_cancel(handle_.get(), &error);
        return detail::done(status, error);
    }

    std::size_t size() const noexcept { return lightspeed_experiment_count(handle_.get()); }
    Result<lightspeed_progress> progress() const {
        lightspeed_progress progress{};
        lightspeed_error *error = nullptr;
        auto status = lightspeed_experiment_progress(handle_.get(), &progress, &error);
        return detail::finish(status, error, [&] { return progress; });
    }
    /** What the runs so far say of a benchmark, by its place in what create() was given. */
    Result<lightspeed_result> result(std::size_t index) const {
        lightspeed_result result{};
        lightspeed_error *error = nullptr;
        auto status = lightspeed_experiment_result(handle_.get(), index, &result, &error);
        return detail::finish(status, error, [&] { return result; });
    }
    Result<std::string> results_json() const {
        return detail::text([&](auto *text, auto *error) { return lightspeed_experiment_results_json(handle_.get(), text, error); });
    }
    /** All there is to it, for resume(). */
    Result<std::string> state() const {
        return detail::text([&](auto *text, auto *error) { return lightspeed_experiment_state(handle_.get(), text, error); });
    }

private:
    explicit Experiment(lightspeed_experiment *raw) : handle_(raw) {}

    template <class Call> static Result<Experiment> made(Call call) {
        lightspeed_experiment *raw = nullptr;
        lightspeed_error *error = nullptr;
        auto status = call(&raw, &error);
        return detail::finish(status, error, [&] { return Experiment(raw); });
    }

    detail::Handle<lightspeed_experiment, lightspeed_experiment_free> handle_;
};

/** Two commands in turn: what to do about it, and the receipt (docs/schemas/pair.json). */
struct Pair {
    std::int32_t gate;
    std::string receipt_json;
};

/** Where it is stopped, what was run until then goes to `stopped`. */
inline Result<Pair> run_pair(const lightspeed_pair_options &options, Pair *stopped = nullptr) {
    Pair pair{LIGHTSPEED_GATE_NONE, {}};
    lightspeed_buf receipt = LIGHTSPEED_BUF_INIT;
    lightspeed_error *error = nullptr;
    auto status = lightspeed_pair_run(&options, &pair.gate, &receipt, &error);
    if (receipt.ptr)
        pair.receipt_json = detail::taken(receipt);
    if (stopped && status == LIGHTSPEED_STATUS_CANCELLED)
        *stopped = std::move(pair);
    return detail::finish(status, error, [&] { return std::move(pair); });
}

/** Any document of the library, as people read it. */
inline Result<std::string> report_text(std::string_view document, const lightspeed_report_options *options = nullptr) {
    return detail::text([&](auto *text, auto *error) {
        return lightspeed_report_text(detail::in(document), options, text, error);
    });
}

/** Statistics of plain numbers. */
namespace stats {

/** The statistic of this name on a JSON object; its result as JSON. */
inline Result<std::string> call(std::string_view function, std::string_view input_json) {
    return detail::text([&](auto *text, auto *error) {
        return lightspeed_stats_call(detail::in(function), detail::in(input_json), text, error);
    });
}

inline Result<lightspeed_result> compare(const std::vector<double> &baseline, const std::vector<double> &current,
                                         const lightspeed_compare_options *options = nullptr) {
    lightspeed_result result{};
    lightspeed_error *error = nullptr;
    auto status = lightspeed_stats_compare(baseline.data(), baseline.size(), current.data(), current.size(), options, &result, &error);
    return detail::finish(status, error, [&] { return result; });
}

inline Result<lightspeed_summary> summarize(const std::vector<double> &sample) {
    lightspeed_summary summary{};
    lightspeed_error *error = nullptr;
    auto status = lightspeed_stats_summarize(sample.data(), sample.size(), &summary, &error);
    return detail::finish(status, error, [&] { return summary; });
}

} // namespace stats

} // namespace lightspeed

#endif
