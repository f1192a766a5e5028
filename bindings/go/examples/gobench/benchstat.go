// Benchstat on the same samples, and its tables beside ours.

package main

import (
	"context"
	"fmt"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"unicode/utf8"
)

// perf is the module of benchstat.
const perf = "golang.org/x/perf"

// benchstat is what it prints of two files of samples in one directory.
func benchstat(ctx context.Context, old, new string) (string, error) {
	output, err := command(ctx, filepath.Dir(old), "go", "run", perf+"/cmd/benchstat@"+perfVersion(), filepath.Base(old), filepath.Base(new))
	return string(output), err
}

// perfVersion is the version that this program is built with.
func perfVersion() string {
	if info, found := debug.ReadBuildInfo(); found {
		for _, module := range info.Deps {
			if module.Path == perf {
				return module.Version
			}
		}
	}
	return "latest"
}

// text is the comparison with benchstat's: beside each other where the width suffices.
func (c *comparison) text(ctx context.Context, width int) string {
	if len(c.compared) == 0 {
		return c.summary()
	}
	ours := c.sections(width)
	output, err := benchstat(ctx, c.old, c.new)
	if err != nil {
		return joined(ours) + c.summary() + fmt.Sprintf("\nbenchstat cannot be run: %s\n", summary(err))
	}
	if beside := sideBySide(ours, theirs(output), width); beside != "" {
		return beside + c.summary()
	}
	return joined(ours) + c.summary() + "\nbenchstat old.txt new.txt\n" + output
}

// joined are sections below each other.
func joined(sections []section) string {
	var text strings.Builder
	for _, one := range sections {
		fmt.Fprintf(&text, "pkg: %s\n%s\n\n", one.importPath, strings.Join(one.lines, "\n"))
	}
	return text.String()
}

// theirs are the sections of benchstat's text: what stands below the lines that name a package.
func theirs(output string) []section {
	var found []section
	for line := range strings.Lines(output) {
		line = strings.TrimRight(line, " \n")
		key, value, _ := strings.Cut(line, ": ")
		switch {
		case key == "pkg":
			found = append(found, section{importPath: value})
		case key == "goos" || key == "goarch" || key == "cpu":
		case len(found) > 0:
			last := &found[len(found)-1]
			last.lines = append(last.lines, line)
		}
	}
	for place := range found {
		lines := found[place].lines
		for len(lines) > 0 && lines[len(lines)-1] == "" {
			lines = lines[:len(lines)-1]
		}
		found[place].lines = lines
	}
	return found
}

// between is what stands between two tables.
const between = "     "

// sideBySide are our sections and benchstat's of the same packages; empty where that is too wide.
func sideBySide(ours, theirs []section, width int) string {
	left, right := 0, 0
	for _, one := range ours {
		left = max(left, widest(one.lines))
	}
	for _, one := range theirs {
		right = max(right, widest(one.lines))
	}
	if left+len(between)+right > width {
		return ""
	}
	var text strings.Builder
	for _, one := range ours {
		fmt.Fprintf(&text, "%s%s%s\n", padded("pkg: "+one.importPath, left), between, "benchstat")
		var beside []string
		if place := slices.IndexFunc(theirs, func(other section) bool { return other.importPath == one.importPath }); place >= 0 {
			beside = theirs[place].lines
		}
		for place := range max(len(one.lines), len(beside)) {
			line := padded(at(one.lines, place), left) + between + at(beside, place)
			text.WriteString(strings.TrimRight(line, " ") + "\n")
		}
		text.WriteString("\n")
	}
	return text.String()
}

func at(lines []string, place int) string {
	if place < len(lines) {
		return lines[place]
	}
	return ""
}

// padded is a text that fills a width.
func padded(text string, width int) string {
	return text + strings.Repeat(" ", max(0, width-utf8.RuneCountInString(text)))
}
