package main

import (
	"fmt"
	"slices"
	"strings"
)

// difference is something that the analysis says otherwise than the rules.
type difference struct {
	line    int
	message string
}

// structure compares blocks and definitions but for their checksums.
func structure(r *Reference, reply *Reply) []difference {
	var wrong []difference
	expected, lines := map[string]string{}, map[string]int{}
	for _, b := range r.Blocks {
		expected[b.ID], lines[b.ID] = fmt.Sprintf("%s in lines %d-%d", b.Kind, b.First, b.Last), b.First
	}
	for _, b := range reply.Blocks {
		found := fmt.Sprintf("%s in lines %d-%d", b.Kind, b.First, b.Last)
		if want, ok := expected[b.ID]; !ok {
			wrong = append(wrong, difference{b.First, fmt.Sprintf("a block %s that should not be (%s)", b.ID, found)})
		} else if want != found {
			wrong = append(wrong, difference{lines[b.ID], fmt.Sprintf("block %s: expected %s, found %s", b.ID, want, found)})
		}
		delete(expected, b.ID)
	}
	for id, want := range expected {
		wrong = append(wrong, difference{lines[id], fmt.Sprintf("no block %s (%s)", id, want)})
	}
	return append(wrong, sameDefinitions(r, reply)...)
}

// normal sorts what has no order.
func (r *Reply) normal() *Reply {
	for i := range r.Definitions {
		slices.Sort(r.Definitions[i].Binds)
	}
	return r
}

func sameDefinitions(r *Reference, reply *Reply) []difference {
	for i := range max(len(r.Definitions), len(reply.Definitions)) {
		want, found, line := "none", "none", 0
		if i < len(reply.Definitions) {
			d := reply.Definitions[i]
			line, found = d.First, fmt.Sprintf("%s %s %v in lines %d-%d", d.Scope, d.Kind, d.Binds, d.First, d.Last)
		}
		if i < len(r.Definitions) {
			d := r.Definitions[i]
			line, want = d.First, fmt.Sprintf("%s %s %v in lines %d-%d", d.Scope, d.Kind, d.Binds, d.First, d.Last)
		}
		if want != found {
			return []difference{{line, fmt.Sprintf("definition %d: expected %s, found %s", i, want, found)}}
		}
	}
	return nil
}

// item is a block or definition of one of two versions, by the rules and by the analysis.
type item struct {
	form     string
	checksum uint32
	mentions string
	line     int
}

// items are the blocks and definitions by what they can be told apart by across versions. Definitions that cannot be share a key.
func items(r *Reference, reply *Reply) map[string][]item {
	all := map[string][]item{}
	forms := map[string]string{}
	for _, b := range r.Blocks {
		forms[b.ID] = b.Form
	}
	for _, b := range reply.Blocks {
		key := "block " + b.ID
		all[key] = append(all[key], item{forms[b.ID], b.Checksum, strings.Join(b.Mentions, ", "), b.First})
	}
	for i, d := range reply.Definitions[:min(len(reply.Definitions), len(r.Definitions))] {
		key := fmt.Sprintf("definition %s %s %v", d.Scope, d.Kind, d.Binds)
		all[key] = append(all[key], item{r.Definitions[i].Form, d.Checksum, strings.Join(d.Mentions, ", "), d.First})
	}
	return all
}

// unequal lists what differs between two spellings of one source.
func unequal(old, new map[string][]item) []difference {
	var wrong []difference
	for key, before := range old {
		after := new[key]
		if len(before) != len(after) {
			wrong = append(wrong, difference{before[0].line, fmt.Sprintf("%s: %d of them became %d", key, len(before), len(after))})
			continue
		}
		if sums, others := sorted(before), sorted(after); !slices.Equal(sums, others) {
			wrong = append(wrong, difference{before[0].line, fmt.Sprintf("%s changed: %s", key, firstUnequal(sums, others))})
		}
	}
	for key := range new {
		if _, ok := old[key]; !ok {
			wrong = append(wrong, difference{new[key][0].line, key + " is new"})
		}
	}
	return wrong
}

// sorted are the checksums and mentions of items whose order does not count.
func sorted(items []item) []string {
	var all []string
	for _, i := range items {
		all = append(all, fmt.Sprintf("%d, mentions %s", i.checksum, i.mentions))
	}
	slices.Sort(all)
	return all
}

func firstUnequal(a, b []string) string {
	for i := range a {
		if a[i] != b[i] {
			return fmt.Sprintf("%.300s → %.300s", a[i], b[i])
		}
	}
	return ""
}

// changes are the keys of what differs between two versions by the rules, and where the analysis does not say the same.
func changes(old, new map[string][]item) (map[string]bool, []difference) {
	changed, wrong := map[string]bool{}, []difference(nil)
	for key, after := range new {
		if _, ok := old[key]; !ok {
			changed[key] = true
		}
		for _, b := range after {
			for _, a := range old[key] {
				if (a.form == b.form) != (a.checksum == b.checksum) {
					wrong = append(wrong, difference{b.line, fmt.Sprintf("%s: the form %s, the checksum %s", key, verb(a.form == b.form), verb(a.checksum == b.checksum))})
				}
			}
		}
	}
	for key, before := range old {
		after, ok := new[key]
		changed[key] = !ok || !slices.EqualFunc(before, after, func(a, b item) bool { return a.form == b.form })
		if !changed[key] {
			delete(changed, key)
		}
	}
	return changed, wrong
}

func verb(equal bool) string {
	if equal {
		return "is the same"
	}
	return "changed"
}
