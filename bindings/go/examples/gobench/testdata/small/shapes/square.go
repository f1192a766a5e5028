package shapes

// Square is a square.
type Square struct{ Side int }

// Area is what it covers.
func (s Square) Area() int { return s.Side * s.Side }

// Circle is a circle, more or less.
type Circle struct{ Radius int }

// Area is what it covers.
func (c *Circle) Area() int {
	return pi * c.Radius * c.Radius
}

// String is no benchmark's.
func (c *Circle) String() string { return "circle" }
