package shapes

func squares(count int) []Shape {
	var all []Shape
	for side := range count {
		all = append(all, Square{side})
	}
	return all
}

func circles(count int) []Shape {
	var all []Shape
	for radius := range count {
		all = append(all, &Circle{radius})
	}
	return all
}
