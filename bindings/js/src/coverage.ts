// Coverage reports that other tools wrote.
import * as module from "./lightspeed.js";
import { type Content, bytes } from "./arguments.js";
import { call } from "./call.js";
import { CoverageError } from "./errors.js";
import { read } from "./json.js";

/** Formats that are read; which one a report has is found out. */
export type CoverageFormat = "lcov" | "cobertura" | "coverage_py" | "go_cover" | "llvm_cov";

/** Which lines ran. */
export interface CoverageReport {
    readonly format: CoverageFormat;
    readonly files: readonly {
        /** As the tool wrote it. */
        readonly path: string;
        /** From 1, ascending. */
        readonly lines: readonly number[];
    }[];
}

/**
 * Reads a report of LCOV, Cobertura, coverage.py (JSON), Go or llvm-cov.
 *
 * @throws {CoverageError} No known format, or one that is broken: what is missing would count as not executed.
 */
export function readCoverage(report: Content): CoverageReport {
    const content = bytes("the report", report);
    return read(call(CoverageError, () => module.coverage(content)));
}
