// Package text has words.
package text

import (
	"strings"

	"example.test/rules"
	"example.test/small/shapes"
)

// Words is how many words a text has.
func Words(text string) int {
	count := 0
	for range strings.FieldsSeq(text) {
		count++
	}
	return count
}

// Repeat is a text many times.
func Repeat(text string, times int) string {
	if times > 10 {
		var made strings.Builder
		for range times {
			made.WriteString(text)
		}
		return made.String()
	}
	made := ""
	for range times {
		made += text
	}
	return made
}

// Bar is as long as a shape is large.
func Bar(of shapes.Shape) string { return Repeat(rules.Mark(), of.Area()) }

var known = map[string]string{}

// Upper is a text in capitals.
func Upper(text string) string {
	if found, is := known[text]; is {
		hits++
		if hits > 5000 {
			hits = 0
		}
		return found
	}
	known[text] = strings.ToUpper(text)
	return known[text]
}

var hits int
