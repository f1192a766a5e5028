// Package rules is of another module.
package rules

// Mark is what lines are made of.
func Mark() string { return "-" }
