package shapes

const (
	pi       = 3
	fallback = 7
)
