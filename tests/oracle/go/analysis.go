package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
)

// Analysis is the analysis under test, as a process.
type Analysis struct {
	command *exec.Cmd
	input   io.WriteCloser
	output  *bufio.Reader
}

// Reply is what the analysis says about a source.
type Reply struct {
	Blocks      []FoundBlock
	Definitions []FoundDefinition
	Diagnostics []json.RawMessage
}

// FoundBlock is a block as the analysis has it.
type FoundBlock struct {
	ID          string
	Checksum    uint32
	First, Last int
	Kind        string
	Mentions    []string
}

// FoundDefinition is a definition as the analysis has it.
type FoundDefinition struct {
	Scope, Kind string
	Checksum    uint32
	First, Last int
	Binds       []string
	Mentions    []string
}

// UnmarshalJSON reads a row.
func (b *FoundBlock) UnmarshalJSON(row []byte) error {
	return columns(row, &b.ID, &b.Checksum, &b.First, &b.Last, &b.Kind, &b.Mentions)
}

// UnmarshalJSON reads a row.
func (d *FoundDefinition) UnmarshalJSON(row []byte) error {
	return columns(row, &d.Scope, &d.Kind, &d.Checksum, &d.First, &d.Last, &d.Binds, &d.Mentions)
}

func columns(row []byte, into ...any) error {
	var cells []json.RawMessage
	if err := json.Unmarshal(row, &cells); err != nil {
		return err
	}
	if len(cells) != len(into) {
		return fmt.Errorf("a row of %d columns where %d were expected: %s", len(cells), len(into), row)
	}
	for i, cell := range cells {
		if err := json.Unmarshal(cell, into[i]); err != nil {
			return err
		}
	}
	return nil
}

// start starts the analysis.
func start(program string) (*Analysis, error) {
	command := exec.Command(program, "go", "mentions")
	command.Stderr = os.Stderr
	input, err := command.StdinPipe()
	if err != nil {
		return nil, err
	}
	output, err := command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := command.Start(); err != nil {
		return nil, err
	}
	return &Analysis{command, input, bufio.NewReaderSize(output, 1<<20)}, nil
}

// Of asks the analysis about a source.
func (a *Analysis) Of(source []byte) (*Reply, error) {
	if _, err := fmt.Fprintf(a.input, "%d\n%s", len(source), source); err != nil {
		return nil, err
	}
	line, err := a.output.ReadBytes('\n')
	if err != nil {
		return nil, fmt.Errorf("the analysis ended: %w", err)
	}
	reply := &Reply{}
	if err := json.Unmarshal(line, reply); err != nil {
		return nil, err
	}
	return reply.normal(), nil
}

// Close ends the process.
func (a *Analysis) Close() error {
	a.input.Close()
	return a.command.Wait()
}
