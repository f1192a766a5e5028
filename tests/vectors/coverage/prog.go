package prog

func used(n int) int {
	total := 0 // ran
	for i := 0; i < n; i++ { // ran
		if i%2 == 1 { // ran
			total += i // ran
		} else if i > 1000 {
			total-- // not
		}
	}
	return total // ran
}

func unused() int {
	return 1 // not
}
