// Package shapes has areas.
package shapes

// Shape has an area.
type Shape interface {
	Area() int
}

// Total is the area of all.
func Total(all []Shape) int {
	total := 0
	for _, one := range all {
		total += one.Area()
	}
	return total
}

// Largest is the largest area of all, or the default where there are none.
func Largest(all []Shape) int {
	largest := -1
	for _, one := range all {
		if area := one.Area(); area > largest {
			largest = area
		}
	}
	if largest < 0 {
		return fallback
	}
	return largest
}
