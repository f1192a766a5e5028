// Package stats has the library's statistics, which give the same numbers on every platform.
//
// A sample has one value a process run. alpha is the probability of claiming a change where there is none, 0.05 as a rule. Numbers that
// have no such statistic are lightspeed.ErrStatistics, and the error's Detail names the cause (Empty, NotFinite, NotPositive …). What each
// method needs, and when it lies, is in docs/statistics.md.
package stats
