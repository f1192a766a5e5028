package shapes

var roots []int

func init() {
	for number := range 100 {
		roots = append(roots, root(number))
	}
}

func root(number int) int {
	found := 0
	for found*found < number {
		found++
	}
	return found
}

// Root is the root of a small number.
func Root(number int) int { return roots[number%len(roots)] }
