package main

import (
	"fmt"
	"go/ast"
	"go/token"
	"math/big"
	"math/rand/v2"
	"strconv"
	"strings"
	"unicode/utf8"
)

// literals replaces each literal that `spell` has another spelling for.
func literals(t *text, spell func(*ast.BasicLit) string) []byte {
	var edits []edit
	ast.Inspect(t.file, func(node ast.Node) bool {
		if spec, ok := node.(*ast.ImportSpec); ok && importPath(spec) == "C" {
			return false
		}
		if literal, ok := node.(*ast.BasicLit); ok {
			if other := spell(literal); other != "" {
				// Raw strings have no carriage returns in their value: the extent is that of the source.
				edits = append(edits, t.replace(literal, other))
			}
		}
		return true
	})
	return t.edited(edits)
}

// numbers spells numbers and runes in another base, with underscores, or with an exponent.
func numbers(t *text, chance *rand.Rand) []byte {
	return literals(t, func(n *ast.BasicLit) string {
		switch n.Kind {
		case token.INT:
			return integer(n.Value, chance)
		case token.FLOAT:
			return float(n.Value, chance)
		case token.IMAG:
			return imaginary(strings.TrimSuffix(n.Value, "i"), chance)
		case token.CHAR:
			return character(n.Value, chance)
		}
		return ""
	})
}

func integer(spelled string, chance *rand.Rand) string {
	value, ok := new(big.Int).SetString(spelled, 0)
	if !ok {
		return ""
	}
	switch chance.IntN(6) {
	case 0:
		return "0x" + value.Text(16)
	case 1:
		return "0X" + strings.ToUpper(value.Text(16))
	case 2:
		return "0o" + value.Text(8)
	case 3:
		return "0b_" + value.Text(2)
	case 4:
		return "0" + value.Text(8)
	}
	return underscored(value.Text(10), chance)
}

// underscored puts underscores between digits.
func underscored(digits string, chance *rand.Rand) string {
	var out strings.Builder
	for i, digit := range digits {
		// A leading zero with an underscore would be octal.
		if i > 0 && digits[0] != '0' && chance.IntN(2) == 0 {
			out.WriteByte('_')
		}
		out.WriteRune(digit)
	}
	return out.String()
}

func imaginary(spelled string, chance *rand.Rand) string {
	if strings.Trim(spelled, "0123456789_") == "" {
		// For backward compatibility, leading zeros do not make it octal.
		value := strings.TrimLeft(strings.ReplaceAll(spelled, "_", ""), "0")
		if value == "" {
			value = "0"
		}
		number, _ := new(big.Int).SetString(value, 10)
		return []string{"0x" + number.Text(16), "0o" + number.Text(8), "00" + value, value + ".0"}[chance.IntN(4)] + "i"
	}
	if other := float(spelled, chance); other != "" {
		return other + "i"
	}
	return ""
}

func float(spelled string, chance *rand.Rand) string {
	plain := strings.ToLower(strings.ReplaceAll(spelled, "_", ""))
	if after, ok := strings.CutPrefix(plain, "0x"); ok {
		return hexadecimal(after, chance)
	}
	mantissa, power, _ := strings.Cut(plain, "e")
	exponent, _ := strconv.Atoi(power)
	whole, fraction, _ := strings.Cut(mantissa, ".")
	digits := strings.TrimLeft(whole+fraction, "0")
	exponent -= len(fraction)
	if digits == "" {
		return []string{"0.", ".0", "0e0", "00.00", "0E-7"}[chance.IntN(5)]
	}
	switch chance.IntN(4) {
	case 0:
		return fmt.Sprintf("%sE%+d", underscored(digits, chance), exponent)
	case 1:
		return fmt.Sprintf(".%se%d", digits, exponent+len(digits))
	case 2:
		return fmt.Sprintf("%s0e%d", digits, exponent-1)
	}
	if exponent > 40 || exponent < -40 {
		return fmt.Sprintf("%s.0e%d", digits, exponent)
	}
	if exponent >= 0 {
		return digits + strings.Repeat("0", exponent) + "."
	}
	if len(digits) > -exponent {
		return digits[:len(digits)+exponent] + "." + digits[len(digits)+exponent:] + "00"
	}
	return "0." + strings.Repeat("0", -exponent-len(digits)) + digits
}

// hexadecimal respells a hexadecimal floating-point number, its prefix left out.
func hexadecimal(plain string, chance *rand.Rand) string {
	mantissa, power, _ := strings.Cut(plain, "p")
	exponent, _ := strconv.Atoi(power)
	whole, fraction, _ := strings.Cut(mantissa, ".")
	digits := strings.ToUpper(whole + fraction)
	exponent -= 4 * len(fraction)
	if chance.IntN(2) == 0 {
		return fmt.Sprintf("0X%sP%+d", digits, exponent)
	}
	return fmt.Sprintf("0x_%s.0p%d", digits, exponent)
}

func character(spelled string, chance *rand.Rand) string {
	value, _, _, err := strconv.UnquoteChar(spelled[1:], '\'')
	if err != nil {
		return ""
	}
	if value < 256 && chance.IntN(2) == 0 {
		return fmt.Sprintf([]string{`'\x%02x'`, `'\%03o'`}[chance.IntN(2)], value)
	}
	if value < 1<<16 && chance.IntN(2) == 0 {
		return fmt.Sprintf(`'\u%04X'`, value)
	}
	return fmt.Sprintf(`'\U%08x'`, value)
}

// texts spells strings raw where they are not, and with other escapes.
func texts(t *text, chance *rand.Rand) []byte {
	return literals(t, func(n *ast.BasicLit) string {
		if n.Kind != token.STRING {
			return ""
		}
		value, err := strconv.Unquote(n.Value)
		if err != nil {
			return ""
		}
		if n.Value[0] == '"' && chance.IntN(2) == 0 && utf8.ValidString(value) && !strings.ContainsAny(value, "`\r\x00\ufeff") {
			return "`" + value + "`"
		}
		return escaped(value, chance)
	})
}

// escaped is an interpreted string of the value with escapes that it does not need.
func escaped(value string, chance *rand.Rand) string {
	var out strings.Builder
	out.WriteByte('"')
	for len(value) > 0 {
		r, size := utf8.DecodeRuneInString(value)
		switch choice := chance.IntN(8); {
		case r == utf8.RuneError && size == 1, choice == 0:
			for _, b := range []byte(value[:size]) {
				fmt.Fprintf(&out, []string{`\x%02X`, `\%03o`}[chance.IntN(2)], b)
			}
		case choice == 1 && r < 1<<16:
			fmt.Fprintf(&out, `\u%04x`, r)
		case choice == 2:
			fmt.Fprintf(&out, `\U%08X`, r)
		default:
			quoted := strconv.Quote(value[:size])
			out.WriteString(quoted[1 : len(quoted)-1])
		}
		value = value[size:]
	}
	out.WriteByte('"')
	return out.String()
}
