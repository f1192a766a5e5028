package text_test

import (
	"os"
	"testing"

	"example.test/small/shapes"
	"example.test/small/text"
)

var early, _ = os.ReadFile("testdata/early.txt")

func BenchmarkWords(b *testing.B) {
	late, err := os.ReadFile("testdata/late.txt")
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		text.Words(string(late))
	}
}

func BenchmarkRepeat(b *testing.B) {
	b.Run("few", func(b *testing.B) {
		for b.Loop() {
			text.Repeat("a", 5)
		}
	})
	b.Run("many", func(b *testing.B) {
		for b.Loop() {
			text.Repeat("a", 50)
		}
	})
}

func BenchmarkBar(b *testing.B) {
	for b.Loop() {
		text.Bar(shapes.Square{Side: 3})
	}
}

func BenchmarkUpper(b *testing.B) {
	for b.Loop() {
		text.Upper("once")
	}
}

func BenchmarkSkipped(b *testing.B) {
	b.Skip("not here")
}
