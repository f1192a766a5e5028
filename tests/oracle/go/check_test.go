package main

import (
	"encoding/json"
	"hash/crc32"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// mirrored answers as the rules have it: an analysis that is right.
func mirrored(source []byte) (*Reply, error) {
	reply := &Reply{}
	t, err := read(source)
	if err != nil {
		reply.Diagnostics = []json.RawMessage{json.RawMessage(`"no Go"`)}
		return reply, nil
	}
	rules := refer(t)
	for _, b := range rules.Blocks {
		reply.Blocks = append(reply.Blocks, FoundBlock{b.ID, crc32.ChecksumIEEE([]byte(b.Form)), b.First, b.Last, b.Kind, nil})
	}
	for _, d := range rules.Definitions {
		reply.Definitions = append(reply.Definitions, FoundDefinition{d.Scope, d.Kind, crc32.ChecksumIEEE([]byte(d.Form)), d.First, d.Last, d.Binds, nil})
	}
	return reply, nil
}

func checked(t *testing.T, analyse func([]byte) (*Reply, error), count int) *tally {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	c := &checker{analyse: analyse, tally: newTally(), seed: 1, mutations: count}
	for _, path := range files {
		if err := c.file(path); err != nil {
			t.Fatal(err)
		}
	}
	return c.tally
}

// TestRight checks that nothing is wrong with an analysis that is right: rewrites are such, and mutations change what holds them.
func TestRight(t *testing.T) {
	tally := checked(t, mirrored, 200)
	if tally.counts["structure"]["right"] == 0 {
		t.Error("nothing was checked")
	}
	for _, failure := range tally.failures {
		t.Error(failure)
	}
}

// TestWrong checks that an analysis is found out which overlooks operators, or sees how numbers are spelled.
func TestWrong(t *testing.T) {
	unseen := regexp.MustCompile(`&&|\|\|`)
	tally := checked(t, func(source []byte) (*Reply, error) { return mirrored(unseen.ReplaceAll(source, []byte("&&"))) }, 50)
	if tally.counts["mutation: operator"]["wrong"] == 0 {
		t.Error("an overlooked operator was not found")
	}
	tally = checked(t, func(source []byte) (*Reply, error) {
		return mirrored([]byte(strings.ReplaceAll(string(source), "0x", "1")))
	}, 1)
	if tally.counts["layout: numbers"]["wrong"] == 0 {
		t.Error("a number's spelling was not found")
	}
}
