// Surveys of a harness of one's own: what each benchmark executed goes in, an index comes out.
import * as module from "./lightspeed.js";
import { type Content, bytes, count, counts, text } from "./arguments.js";
import { call } from "./call.js";
import { type Index, indexOf } from "./dependency_index.js";
import { SurveyError } from "./errors.js";
import { Held, type Handle, disposable } from "./handle.js";
import { read, write } from "./json.js";
import type { FileKind } from "./types.js";

/** How sources are analysed. */
export interface BlockOptions {
    /** Whether docstrings count as code; they do not unless told. */
    readonly docstrings?: boolean;
    /** Decorators known to keep a function's behaviour to its name, as written (`mylib.cached`) or their last part. */
    readonly pure_decorators?: readonly string[];
}

/** Which files a coverage report was about. */
export interface Located {
    /** How many of its files are known. */
    readonly known: number;
    /** Paths that are no known file's. */
    readonly unknown: readonly string[];
}

/**
 * Takes source files and what each benchmark executed of them. A benchmark of which nothing is told is always affected.
 *
 * Every method but `free` throws a {@link SurveyError} for a benchmark or file that was not added.
 */
export class SurveyBuilder implements Handle {
    readonly #held: Held<module.SurveyBuilder>;

    constructor(options: BlockOptions = {}) {
        const document = write("the options", options);
        this.#held = new Held(
            "builder",
            call(SurveyError, () => new module.SurveyBuilder(document)),
        );
    }

    /**
     * Adds a file as it is at the survey; `path` is '/'-separated and relative to the source root. Files of a language that the library reads
     * are followed by blocks, others as a whole.
     */
    addFile(path: string, content: Content): FileKind {
        const [name, bytes_] = [text("the path", path), bytes("the content", content)];
        const { raw } = this.#held;
        return call(SurveyError, () => raw.add_file(name, bytes_)) as FileKind;
    }

    /** Adds a benchmark, or one parameter combination of it, and returns its number. */
    addBenchmark(id: string): number {
        const name = text("the id", id);
        const { raw } = this.#held;
        return call(SurveyError, () => raw.add_benchmark(name));
    }

    /**
     * Says what a coverage report of a run of the benchmark says. Its paths may begin anywhere: the longest end that is a known file's is meant.
     *
     * @throws {SurveyError} Also for a report that cannot be read, with the codes of {@link CoverageError}.
     */
    addCoverage(benchmark: number, report: Content): Located {
        const [number, content] = [count("the benchmark", benchmark), bytes("the report", report)];
        const { raw } = this.#held;
        return read(call(SurveyError, () => raw.add_coverage(number, content)));
    }

    /** Says that the benchmark executed these lines of a file, from 1. */
    addLines(benchmark: number, path: string, lines: Iterable<number>): void {
        const [number, name, list] = [
            count("the benchmark", benchmark),
            text("the path", path),
            counts("a line", lines),
        ];
        const { raw } = this.#held;
        call(SurveyError, () => raw.add_lines(number, name, list));
    }

    /** Says that the benchmark begins at a function of a Go test file, which Go's coverage leaves out. */
    beginsAt(benchmark: number, path: string, function_: string): void {
        const [number, name, begin] = [
            count("the benchmark", benchmark),
            text("the path", path),
            text("the function", function_),
        ];
        const { raw } = this.#held;
        call(SurveyError, () => raw.begins_at(number, name, begin));
    }

    /** Says that what is told of the benchmark cannot be relied on: it is always affected, for this reason. */
    doubt(benchmark: number, reason: string): void {
        const [number, why] = [count("the benchmark", benchmark), text("the reason", reason)];
        const { raw } = this.#held;
        call(SurveyError, () => raw.doubt(number, why));
    }

    /** The index of what was told so far. The builder stays usable. */
    finish(): Index {
        const { raw } = this.#held;
        return indexOf(call(SurveyError, () => raw.finish()));
    }

    free(): void {
        this.#held.free();
    }

    declare [Symbol.dispose]: () => void;
}
disposable(SurveyBuilder);
