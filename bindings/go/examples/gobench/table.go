// The comparison as a table.

package main

import (
	"fmt"
	"math"
	"strings"
	"unicode/utf8"

	"golang.org/x/perf/benchunit"

	"lightspeed"
)

// section is the table of a package, in lines.
type section struct {
	importPath string
	lines      []string
}

// gap is between two columns.
const gap = "  "

// sections are the tables of all packages. Their two lines of headings are as many as benchstat's.
func (c *comparison) sections(width int) []section {
	interval := fmt.Sprintf("%.4g %% interval", 100*(1-c.alpha))
	var made []section
	for _, group := range c.groups() {
		rows := [][]string{{"", "sec/op", "sec/op", "", "", "", ""}, {"", "old", "new", "change", interval, "pairs", "verdict"}}
		for _, one := range group.compared {
			rows = append(rows, one.cells())
		}
		lines := aligned(rows)
		if widest(lines) > width {
			lines = narrow(rows)
		}
		made = append(made, section{group.importPath, lines})
	}
	return made
}

// group is what was compared of one package: first what has a result, as only that is in the samples.
type group struct {
	importPath string
	compared   []compared
}

func (c *comparison) groups() []group {
	var groups []group
	for _, measured := range []bool{true, false} {
		for _, one := range c.compared {
			if (one.result.Outcome == lightspeed.OutcomeOK) != measured {
				continue
			}
			importPath, _ := split(one.id)
			place := 0
			for place < len(groups) && groups[place].importPath != importPath {
				place++
			}
			if place == len(groups) {
				groups = append(groups, group{importPath: importPath})
			}
			groups[place].compared = append(groups[place].compared, one)
		}
	}
	return groups
}

// cells are the row of a benchmark; of one without a result only the first and the last are filled.
func (c compared) cells() []string {
	result := c.result
	if result.Outcome != lightspeed.OutcomeOK {
		return []string{c.name, "", "", "", "", "", words(result.Outcome.String())}
	}
	interval := fmt.Sprintf("[%s, %s]", percent(result.Low), percent(result.High))
	return []string{
		c.name, scaled(result.Baseline), scaled(result.Current), percent(result.Ratio), interval, fmt.Sprint(result.Pairs), words(result.Verdict.String()),
	}
}

// words is the name of a constant as it is read.
func words(name string) string { return strings.ToLower(strings.ReplaceAll(name, "_", " ")) }

// scaled is a time as benchstat writes it.
func scaled(value float64) string {
	if math.IsNaN(value) {
		return ""
	}
	return benchunit.Scale(value, benchunit.Decimal)
}

// percent is a ratio as the change that it stands for.
func percent(ratio float64) string {
	switch {
	case math.IsNaN(ratio):
		return "?"
	case ratio >= 10:
		return fmt.Sprintf("×%.3g", ratio)
	}
	return fmt.Sprintf("%+.1f %%", 100*(ratio-1))
}

// aligned are rows as lines: the first column and the last begin, the others end, below each other.
func aligned(rows [][]string) []string {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for column, cell := range row {
			widths[column] = max(widths[column], utf8.RuneCountInString(cell))
		}
	}
	lines := make([]string, len(rows))
	for place, row := range rows {
		cells := make([]string, len(row))
		for column, cell := range row {
			space := strings.Repeat(" ", widths[column]-utf8.RuneCountInString(cell))
			if column == 0 || column == len(row)-1 {
				cells[column] = cell + space
			} else {
				cells[column] = space + cell
			}
		}
		lines[place] = strings.TrimRight(strings.Join(cells, gap), " ")
	}
	return lines
}

// narrow are rows for where a line has no room: the name, and what there is to say of it below.
func narrow(rows [][]string) []string {
	var lines []string
	for _, row := range rows[2:] {
		lines = append(lines, row[0])
		if row[1] == "" {
			lines = append(lines, gap+row[6])
			continue
		}
		lines = append(lines, gap+row[1]+" → "+row[2]+gap+row[3]+" "+row[4], gap+row[5]+" pairs: "+row[6])
	}
	return lines
}

func widest(lines []string) int {
	width := 0
	for _, line := range lines {
		width = max(width, utf8.RuneCountInString(line))
	}
	return width
}
