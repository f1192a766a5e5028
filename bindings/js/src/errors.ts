// Why a call failed: one class a family, each error with a code that stays.

/** What all errors of this package are. The message is a sentence that says what to do, and may change. */
export class LightspeedError extends Error {
    /** Which error it is; it stays. Codes are the names of the library's own errors. */
    readonly code: string;

    constructor(code: string, message: string, options?: ErrorOptions) {
        super(message, options);
        this.code = code;
        this.name = new.target.name;
    }
}

/** An argument of no use, code `Input`. */
export class InputError extends LightspeedError {}

/** The module could not be started (`Start`), or a call came before it was (`NotStarted`). */
export class StartError extends LightspeedError {}

/** A handle that was freed before, code `Freed`. */
export class FreedError extends LightspeedError {}

/** A coverage report that cannot be read: `Unknown`, `Database`, `NotText`, `Line`, `Document`. */
export class CoverageError extends LightspeedError {}

/** What a survey does not take: `BadPath`, `FileTwice`, `UnknownFile`, `NoName`, `BenchmarkTwice`, … */
export class SurveyError extends LightspeedError {}

/** Bytes that are no snapshot: `Foreign`, `Version`, `Damaged`. */
export class SnapshotError extends LightspeedError {}

/** A database that cannot be read: `NotADatabase`, `Damaged`, `Foreign`, `Newer`, `Older`, `Missing`. */
export class DatabaseError extends LightspeedError {}

/** Numbers that have no such statistic: `Empty`, `NotFinite`, `TooFew`, `BadAlpha`, … */
export class StatisticsError extends LightspeedError {}

/** A plan or an outcome that was refused: `NoBenchmarks`, `Twice`, `NothingPending`, `Values`, … */
export class ExperimentError extends LightspeedError {}

/**
 * A defect of the library, or no memory left, code `Panic`: the module has stopped, and so does every further call end. Begin again in a
 * new worker, page or process.
 */
export class PanicError extends LightspeedError {}

/** @internal The class of a family of errors. */
export type Family = new (code: string, message: string, options?: ErrorOptions) => LightspeedError;
