package main

import (
	"fmt"
	"hash/fnv"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
)

// checker checks files against an analysis.
type checker struct {
	analyse   func(source []byte) (*Reply, error)
	tally     *tally
	seed      uint64
	mutations int
}

// subject is a file with what is known of it.
type subject struct {
	path   string
	text   *text
	rules  *Reference
	items  map[string][]item
	chance *rand.Rand
}

// file runs all checks on a file.
func (c *checker) file(path string) error {
	source, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	t, err := read(source)
	if err != nil {
		c.tally.count("files", "not read by go/parser")
		return nil
	}
	reply, err := c.analyse(source)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if len(reply.Diagnostics) > 0 {
		c.tally.unknown(path, string(reply.Diagnostics[0]))
		return nil
	}
	c.tally.count("files", "read")
	rules := trace(t)
	c.tally.add("blocks", "compared", len(rules.Blocks))
	c.tally.add("definitions", "compared", len(rules.Definitions))
	wrong := structure(rules, reply)
	c.tally.check("structure", path, wrong)
	if len(wrong) > 0 {
		return nil
	}
	hash := fnv.New64a()
	hash.Write([]byte(path))
	s := &subject{path, t, rules, items(rules, reply), rand.New(rand.NewPCG(c.seed, hash.Sum64()))}
	if err := c.rewritten(s); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if err := c.mutated(s); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

// rewritten checks that spelling a file anew changes nothing, before and after gofmt.
func (c *checker) rewritten(s *subject) error {
	if err := c.spelled(s, "layout: gofmt", must(formatted(s.text.source))); err != nil {
		return err
	}
	for _, r := range rewrites {
		source := r.apply(s.text, s.chance)
		if source == nil {
			c.tally.count("layout: "+r.name, "does not apply")
			continue
		}
		if err := c.spelled(s, "layout: "+r.name, source); err != nil {
			return err
		}
		tidy, err := formatted(source)
		if err != nil {
			continue
		}
		if err := c.spelled(s, "layout: "+r.name+", gofmt", tidy); err != nil {
			return err
		}
	}
	return nil
}

// must drops the error of what is nil then.
func must(source []byte, _ error) []byte { return source }

func (c *checker) spelled(s *subject, check string, source []byte) error {
	t, err := read(source)
	if err != nil {
		c.tally.check(check, s.path, []difference{{0, "the rewrite makes no Go: " + err.Error()}})
		return nil
	}
	rules := refer(t)
	reply, err := c.analyse(source)
	if err != nil {
		return err
	}
	wrong := structure(rules, reply)
	if len(reply.Diagnostics) > 0 {
		wrong = []difference{{0, "not read by the grammar: " + string(reply.Diagnostics[0])}}
	}
	if len(wrong) == 0 {
		after := items(rules, reply)
		wrong = append(unequal(s.items, after), unlike(s.items, after)...)
	}
	c.tally.check(check, s.path, wrong)
	return nil
}

// unlike lists the forms that a rewrite changes: it would not be one.
func unlike(old, new map[string][]item) []difference {
	var wrong []difference
	for key, before := range old {
		if forms := func(items []item) []string {
			var all []string
			for _, i := range items {
				all = append(all, i.form)
			}
			slices.Sort(all)
			return all
		}; !slices.Equal(forms(before), forms(new[key])) {
			wrong = append(wrong, difference{before[0].line, key + ": the rewrite changes its form"})
		}
	}
	return wrong
}

// mutated checks that a mutation changes what it changes by the rules, and by where it stands.
func (c *checker) mutated(s *subject) error {
	for _, m := range chosen(mutations(s.text), c.mutations, s.chance) {
		check := "mutation: " + m.kind
		source := s.text.edited(m.edits)
		t, err := read(source)
		if err != nil {
			c.tally.count(check, "no Go")
			continue
		}
		rules := refer(t)
		reply, err := c.analyse(source)
		if err != nil {
			return err
		}
		if len(reply.Diagnostics) > 0 {
			c.tally.count(check, "not read by the grammar")
			continue
		}
		wrong := structure(rules, reply)
		if len(wrong) == 0 {
			after := items(rules, reply)
			changed, differs := changes(s.items, after)
			wrong = append(differs, s.misplaced(m, changed, after)...)
			if len(wrong) == 0 && len(changed) == 0 {
				c.tally.count(check, "no change, as expected")
				continue
			}
		}
		if len(wrong) > 0 {
			wrong[0].line, wrong[0].message = s.where(m), wrong[0].message+s.shown(m)
			wrong = wrong[:1]
		}
		c.tally.check(check, s.path, wrong)
	}
	return nil
}

func (s *subject) where(m mutation) int {
	return 1 + strings.Count(string(s.text.source[:m.edits[0].start]), "\n")
}

// shown is a mutation as text.
func (s *subject) shown(m mutation) string {
	e := m.edits[0]
	return fmt.Sprintf(" (%.80q → %.80q)", s.text.source[e.start:e.end], e.text)
}

// misplaced says where a mutation changes something else than what its node is part of.
func (s *subject) misplaced(m mutation, changed map[string]bool, after map[string][]item) []difference {
	if m.node == nil || !sameKeys(s.items, after) {
		return nil
	}
	held := map[string]bool{}
	for _, h := range s.rules.holders[m.node] {
		if h.definition < 0 {
			held["block "+h.block] = true
		} else {
			d := s.rules.Definitions[h.definition]
			held[fmt.Sprintf("definition %s %s %v", d.Scope, d.Kind, d.Binds)] = true
		}
	}
	for key := range changed {
		if !held[key] {
			return []difference{{0, fmt.Sprintf("%s changed, which does not hold it, but %v do", key, slices.Sorted(maps.Keys(held)))}}
		}
	}
	if len(held) > 0 && len(changed) == 0 {
		return []difference{{0, fmt.Sprintf("nothing changed, where %v hold it", slices.Sorted(maps.Keys(held)))}}
	}
	return nil
}

func sameKeys(old, new map[string][]item) bool {
	for key := range old {
		if len(old[key]) != len(new[key]) {
			return false
		}
	}
	return len(old) == len(new)
}
