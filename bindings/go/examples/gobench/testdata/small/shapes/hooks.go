package shapes

func hook() {}

// Kind is what a number says.
func Kind(number int) int {
	hook()
	if number > 5 {
	}
	switch number {
	case 1:
	case 2:
		return 2
	default:
	}
	for range number {
	}
	return 0
}
