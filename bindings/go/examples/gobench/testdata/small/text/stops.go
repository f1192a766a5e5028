package text

import _ "embed"

//go:embed stops.txt
var stops string

// Stops is how many letters the words have that do not count.
func Stops() int { return len(stops) }
