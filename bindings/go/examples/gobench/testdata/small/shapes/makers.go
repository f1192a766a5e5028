package shapes

var makers = map[string]func(int) Shape{}

var registered = register("square", func(side int) Shape {
	return Square{side}
})

func register(name string, maker func(int) Shape) bool {
	makers[name] = maker
	return true
}

func round(radius int) Shape { return &Circle{radius} }

// Make is the shape of a name.
func Make(name string, size int) Shape { return makers[name](size) }
