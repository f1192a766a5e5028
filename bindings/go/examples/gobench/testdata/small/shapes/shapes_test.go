package shapes

import "testing"

func BenchmarkSquares(b *testing.B) {
	all := squares(100)
	for b.Loop() {
		Total(all)
	}
}

func BenchmarkLargest(b *testing.B) {
	for name, all := range map[string][]Shape{"squares": squares(10), "circles": circles(10)} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				Largest(all)
			}
		})
	}
}

func BenchmarkRoot(b *testing.B) {
	for number := range b.N {
		Root(number)
	}
}

func BenchmarkMake(b *testing.B) {
	for b.Loop() {
		Make("square", 3)
	}
}

func BenchmarkKind(b *testing.B) {
	b.Run("one", func(b *testing.B) {
		for b.Loop() {
			Kind(1)
		}
	})
	b.Run("nine", func(b *testing.B) {
		for b.Loop() {
			Kind(9)
		}
	})
}
