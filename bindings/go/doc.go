// Package lightspeed says which benchmarks a source change affects, how much each one moved, and whether that can be trusted.
//
// A [Session] is a suite of ASV: [Open] it, let it [Session.Init] once, and ask it after an edit what to run ([Session.Select]) or
// have it run that and compare ([Session.Measure]). A harness of one's own hands in what it knows instead: a [SurveyBuilder] takes sources,
// benchmarks and what each of them executed, and gives an [Index] to be asked; a [Store] keeps it. An [Experiment] says what to run next and when
// it is enough, also over the values of parameters ([NewSweep]), [Pair] compares two commands, and package lightspeed/stats has the statistics.
//
// # Options
//
// Options are structs, nil for the defaults. A field that is zero stands for its default, which its comment names; where 0 itself
// may be meant, a negative number says so.
//
// # Errors
//
// Failures of the library are [*Error], which errors.As finds. errors.Is knows the status ([ErrNoSurvey], [ErrBusy] …), and besides
// [io/fs.ErrNotExist] and [io/fs.ErrPermission] where a file is the reason, and what ended the context. What goes wrong in one benchmark is in
// the results, and no error.
//
// # Concurrency
//
// All types may be used by several goroutines at once. Calls of an [Experiment] or a [SurveyBuilder] take turns. A value that is closed
// while calls use it is freed when the last of them returns, and answers [ErrClosed] from then on. Calls that take long take a
// context, whose end stops them and the processes that they started; what was finished is kept.
//
// # Freeing
//
// What the library holds lies outside of Go's heap. Close frees it at once; what is not closed is freed after it was collected. Any order
// is fine: a selection outlives its session.
package lightspeed

//go:generate go run ./internal/generate
