// How changes are named.

package lightspeed

// #include "lightspeed.h"
import "C"

// Changes names what was changed. The zero value stands for every difference between the tree and the survey.
type Changes struct {
	named bool
	files []string
	git   bool
	since string
}

// Files names changed files or directories, relative to the session's directory, the source root or the repository. Without any nothing
// changed.
func Files(paths ...string) Changes {
	return Changes{named: true, files: paths}
}

// Since names what git says has changed since a revision, such as HEAD, the default; untracked and deleted files included.
func Since(revision string) Changes {
	return Changes{git: true, since: revision}
}

// SinceSurvey names every difference between the tree and the survey, as the zero value does.
func SinceSurvey() Changes {
	return Changes{}
}

// changeCalls are the calls of one verb for each way of naming changes.
type changeCalls struct {
	files  func(files *C.lightspeed_str, count C.size_t, err failure) status
	git    func(base C.lightspeed_str, err failure) status
	survey func(err failure) status
}

// try makes the call that fits the changes.
func (c Changes) try(p *pins, calls changeCalls) error {
	return try(func(err failure) status {
		switch {
		case c.named:
			files, count := p.texts(c.files)
			return calls.files(files, count, err)
		case c.git:
			return calls.git(p.text(c.since), err)
		}
		return calls.survey(err)
	})
}
