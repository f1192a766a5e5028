// The documents that a snapshot and the module speak, as the package types them. Fields are called as in docs/schemas.

export type {
    BaselineReport,
    BenchmarkInfo,
    BlockHeat,
    Bounds,
    Comparison,
    Context,
    Grouping,
    Hotfile,
    IndexFile,
    InstanceFile,
    Lines,
    Policy,
    Reason,
    ReasonGroup,
    Reward,
    Stats,
    Status,
    StepBenchmark,
    StepReport,
    Verdict,
} from "lightspeed";
