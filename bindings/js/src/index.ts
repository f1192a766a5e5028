// What the package exports.
export type { Content } from "./arguments.js";
export { blobId, blocks } from "./blocks.js";
export { type CoverageFormat, type CoverageReport, readCoverage } from "./coverage.js";
export { Index } from "./dependency_index.js";
export {
    CoverageError,
    DatabaseError,
    ExperimentError,
    FreedError,
    InputError,
    LightspeedError,
    PanicError,
    SnapshotError,
    StartError,
    StatisticsError,
    SurveyError,
} from "./errors.js";
export {
    type Design,
    Experiment,
    type ExperimentBenchmark,
    type Outcome,
    type Plan,
    type PlannedBenchmark,
    type Progress,
    type Results,
    type Run,
} from "./experiment.js";
export { type Changes, Files } from "./files.js";
export type { Handle } from "./handle.js";
export { type ModuleSource, init } from "./init.js";
export { type Question, Selection } from "./selection.js";
export { Snapshot } from "./snapshot.js";
export {
    type Assumption,
    type Bet,
    type Comparison,
    type Diagnostics,
    type Inference,
    type Method,
    type NoiseFloor,
    type Resampled,
    type Sample,
    type Statistics,
    type Summary,
    type Warning,
    stats,
} from "./statistics.js";
export { type MapRow, SuiteMap } from "./suite_map.js";
export { type BlockOptions, type Located, SurveyBuilder } from "./survey.js";
export type * from "./types.js";
