// What is going on, for who waits.

package main

import (
	"fmt"
	"os"
	"time"

	"golang.org/x/term"
)

// progress is a line that is written anew; where nobody sees that, a line now and then.
type progress struct {
	to   *os.File
	live bool
	last time.Time
}

func newProgress(to *os.File) *progress {
	return &progress{to: to, live: term.IsTerminal(int(to.Fd()))}
}

// pause is between two lines where they stay.
const pause = 10 * time.Second

func (p *progress) say(format string, values ...any) {
	text := fmt.Sprintf(format, values...)
	if p.live {
		fmt.Fprintf(p.to, "\r\x1b[K%s", clipped(text, columns(p.to)-1))
		return
	}
	if now := time.Now(); now.Sub(p.last) >= pause {
		p.last = now
		fmt.Fprintln(p.to, text)
	}
}

// end takes the line away.
func (p *progress) end() {
	if p.live {
		fmt.Fprint(p.to, "\r\x1b[K")
	}
}

// columns are those of a terminal; 80 where there is none.
func columns(of *os.File) int {
	if width, _, err := term.GetSize(int(of.Fd())); err == nil && width > 0 {
		return width
	}
	return 80
}

// clipped is a text that fits into a width.
func clipped(text string, width int) string {
	letters := []rune(text)
	if len(letters) <= width || width < 1 {
		return text
	}
	return string(letters[:width-1]) + "…"
}
