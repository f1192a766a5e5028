// Blocks, coverage, surveys and indexes, in memory and in files.

package lightspeed_test

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"lightspeed"
)

const lcov = "TN:\nSF:/somewhere/core.py\nDA:1,1\nDA:2,0\nDA:5,1\nDA:6,3\nend_of_record\n"

func TestBlocks(t *testing.T) {
	source := "class A:\n    def f(self):\n        if self:\n            return 1\n        return 2\n"
	found := must1(lightspeed.AnalyseBlocks([]byte(source), nil))(t)
	var ids, kinds []string
	for block := range found.All() {
		ids, kinds = append(ids, block.ID), append(kinds, block.Kind.String())
	}
	if !slices.Equal(ids, []string{"<module>", "A", "A.f", "A.f/if[0]"}) || !slices.Equal(kinds, []string{"MODULE", "CLASS", "FUNCTION", "BRANCH"}) {
		t.Fatalf("%v are %v", ids, kinds)
	}
	inner, there := found.At(4)
	if _, beyond := found.At(9); !there || beyond || inner.ID != "A.f/if[0]" || inner.StartLine != 4 || inner.EndLine != 4 {
		t.Errorf("line 4 is in %+v", inner)
	}
	sums := func(source string, options *lightspeed.BlocksOptions) (sums []uint32) {
		for block := range must1(lightspeed.AnalyseBlocks([]byte(source), options))(t).All() {
			sums = append(sums, block.Checksum)
		}
		return sums
	}
	if !slices.Equal(sums(source, nil), sums(strings.Replace(source, "return 2", "return (2)  # two", 1), nil)) {
		t.Error("layout changes a checksum")
	}
	if slices.Equal(sums(source, nil), sums(strings.Replace(source, "return 2", "return 3", 1), nil)) {
		t.Error("code changes no checksum")
	}
	one, two := "def f():\n    \"one\"\n", "def f():\n    \"two\"\n"
	for _, docstrings := range []bool{false, true} {
		options := &lightspeed.BlocksOptions{Docstrings: docstrings}
		if slices.Equal(sums(one, options), sums(two, options)) == docstrings {
			t.Errorf("docstrings counted is %t", !docstrings)
		}
	}
	broken := must1(lightspeed.AnalyseBlocks([]byte("def f(:\n    pass\n"), nil))(t)
	if len(broken.Diagnostics) == 0 || broken.Diagnostics[0].Line != 1 || broken.Diagnostics[0].Text == "" {
		t.Errorf("what cannot be read is %v", broken.Diagnostics)
	}
	if empty := must1(lightspeed.AnalyseBlocks(nil, nil))(t); empty.Len() != 1 {
		t.Errorf("an empty file has %d blocks", empty.Len())
	}
}

func TestIndexSelect(t *testing.T) {
	made := index(t)
	expectTwo(t, must1(made.Select(t.Context(), map[string][]byte{"core.py": []byte(changed)}, nil))(t))
	for name, count := range map[string]int{"core.py": 0, "": 0} {
		files := map[string][]byte{}
		if name != "" {
			files[name] = []byte(core)
		}
		if found := must1(made.Select(t.Context(), files, nil))(t).Len(); found != count {
			t.Errorf("%q affects %d", name, found)
		}
	}
	gone := must1(made.Select(t.Context(), map[string][]byte{"core.py": nil}, &lightspeed.SelectOptions{HotfileThreshold: 1}))(t)
	if gone.Len() != 2 {
		t.Errorf("without the file %d are affected", gone.Len())
	}
	if ids := must1(made.Benchmarks())(t); len(ids) != 2 || !slices.Contains(ids, "time_one") {
		t.Errorf("the benchmarks are %v", ids)
	}
	if files := must1(made.Files())(t); !slices.Equal(files, []string{"core.py"}) {
		t.Errorf("the files are %v", files)
	}
}

func TestIndexKept(t *testing.T) {
	var kept, again bytes.Buffer
	made := index(t)
	written := must1(made.WriteTo(&kept))(t)
	if int(written) != kept.Len() || written == 0 {
		t.Fatalf("%d of %d bytes", written, kept.Len())
	}
	must(t, made.Close())
	must(t, made.Close())
	_, err := made.WriteTo(&again)
	is(t, err, lightspeed.ErrClosed, fs.ErrClosed)
	loaded := must1(lightspeed.LoadIndex(bytes.NewReader(kept.Bytes())))(t)
	must1(loaded.WriteTo(&again))(t)
	if !bytes.Equal(kept.Bytes(), again.Bytes()) {
		t.Error("the same index gives other bytes")
	}
	selection := must1(loaded.Select(t.Context(), map[string][]byte{"core.py": []byte(changed)}, nil))(t)
	must(t, loaded.Close())
	expectTwo(t, selection)
	var document struct{ Schema string }
	if must(t, must1(selection.JSON())(t).Decode(&document)); document.Schema != "lightspeed.select/1" {
		t.Errorf("the document is %v", document)
	}
	must(t, selection.Close())
	expectTwo(t, selection)
	_, err = lightspeed.LoadIndex(strings.NewReader("something else"))
	is(t, err, lightspeed.ErrDatabase)
}

func TestFileSystems(t *testing.T) {
	folder := t.TempDir()
	write(t, folder, map[string]string{"core.py": core, "data.txt": "1", ".git/hook.py": "1"})
	survey := must1(lightspeed.NewSurvey(nil))(t)
	if count := must1(survey.AddFS(os.DirFS(folder), nil))(t); count != 2 {
		t.Fatalf("%d files", count)
	}
	tell(t, survey)
	made := must1(survey.Finish())(t)
	if count := must1(made.SelectFS(t.Context(), os.DirFS(folder), nil))(t).Len(); count != 0 {
		t.Errorf("nothing changed and %d are affected", count)
	}
	write(t, folder, map[string]string{"core.py": changed})
	expectTwo(t, must1(made.SelectFS(t.Context(), os.DirFS(folder), nil))(t))
	expectTwo(t, must1(made.SelectDirectory(t.Context(), folder, nil))(t))
	for _, fsys := range []fs.FS{fstest.MapFS{}, fstest.MapFS{"core.py": {}}, fstest.MapFS{"new.py": {Data: []byte("1")}}} {
		if count := must1(made.SelectFS(t.Context(), fsys, &lightspeed.SelectOptions{HotfileThreshold: 1}))(t).Len(); count != 2 {
			t.Errorf("in %v %d are affected", fsys, count)
		}
	}
	filtered := must1(lightspeed.NewSurvey(nil))(t)
	kept := func(path string) bool { return filepath.Ext(path) == ".py" }
	if count := must1(filtered.AddFS(os.DirFS(folder), kept))(t); count != 2 {
		t.Errorf("%d files were kept", count)
	}
	other := must1(lightspeed.NewSurvey(nil))(t)
	if count := must1(other.AddDirectory(folder))(t); count != 1 {
		t.Errorf("%d files of the directory", count)
	}
	must(t, other.Close())
	_, err := made.SelectDirectory(t.Context(), filepath.Join(folder, "nowhere"), nil)
	is(t, err, lightspeed.ErrIO, fs.ErrNotExist)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = made.SelectFS(ctx, os.DirFS(folder), nil)
	is(t, err, lightspeed.ErrCancelled, context.Canceled)
}

func TestCoverage(t *testing.T) {
	report := must1(lightspeed.ReadCoverage(strings.NewReader(lcov), lightspeed.CoverageFormatLcov))(t)
	files := must1(report.Files())(t)
	if len(files) != 1 || files[0].Path != "/somewhere/core.py" || !slices.Equal(files[0].Lines, []uint32{1, 5, 6}) {
		t.Fatalf("the report says %v", files)
	}
	survey := must1(lightspeed.NewSurvey(nil))(t)
	must(t, survey.AddFile("core.py", []byte(core)))
	must(t, survey.AddFile("data.txt", []byte("1")))
	for _, benchmark := range []string{"covered", "reader", "doubtful", "untold"} {
		must(t, survey.AddBenchmark(benchmark))
	}
	if known := must1(survey.Covered("covered", report))(t); known != 1 {
		t.Errorf("%d files are known", known)
	}
	must(t, report.Close())
	must(t, survey.Executed("reader", "core.py", []int{1}))
	must(t, survey.DependsOn("reader", "data.txt"))
	must(t, survey.Executed("doubtful", "core.py", []int{1}))
	must(t, survey.Doubt("doubtful", "its tracer was taken away"))
	made := must1(survey.Finish())(t)
	whole := &lightspeed.SelectOptions{HotfileThreshold: 1}
	selection := must1(made.Select(t.Context(), map[string][]byte{"core.py": []byte(changed)}, whole))(t)
	if !slices.Equal(selection.Benchmarks(), []string{"covered", "doubtful", "untold"}) {
		t.Errorf("%v are affected", selection.Benchmarks())
	}
	selection = must1(made.Select(t.Context(), map[string][]byte{"data.txt": []byte("2")}, whole))(t)
	if !slices.Contains(selection.Benchmarks(), "reader") {
		t.Errorf("%v are affected", selection.Benchmarks())
	}
	_, err := lightspeed.ReadCoverage(strings.NewReader("no report"), lightspeed.CoverageFormatAny)
	is(t, err, lightspeed.ErrCoverage)
	_, err = report.Files()
	is(t, err, lightspeed.ErrClosed)
}

// TestSharedReports reads the reports of tests/vectors/coverage, Go's own cover profile among them.
func TestSharedReports(t *testing.T) {
	folder := filepath.Join("..", "..", "tests", "vectors", "coverage")
	formats := map[string]lightspeed.CoverageFormat{
		"go_cover.out": lightspeed.CoverageFormatGoCover, "coverage_py.json": lightspeed.CoverageFormatCoveragePy,
		"coverage_py.xml": lightspeed.CoverageFormatCobertura, "llvm_cov.json": lightspeed.CoverageFormatLlvmCov,
		"gcovr.lcov": lightspeed.CoverageFormatLcov, "gcovr.xml": lightspeed.CoverageFormatCobertura,
	}
	for name, format := range formats {
		raw := must1(os.ReadFile(filepath.Join(folder, name)))(t)
		for _, format := range []lightspeed.CoverageFormat{format, lightspeed.CoverageFormatAny} {
			files := must1(must1(lightspeed.ReadCoverage(bytes.NewReader(raw), format))(t).Files())(t)
			if len(files) == 0 || len(files[0].Lines) == 0 {
				t.Errorf("%s as %v: %v", name, format, files)
			}
		}
	}
}

func TestSurveyRefuses(t *testing.T) {
	survey := must1(lightspeed.NewSurvey(nil))(t)
	must(t, survey.AddFile("core.py", []byte(core)))
	must(t, survey.AddBenchmark("one"))
	for name, wrong := range map[string]error{
		"file twice":      survey.AddFile("core.py", nil),
		"benchmark twice": survey.AddBenchmark("one"),
		"empty id":        survey.AddBenchmark(""),
		"no benchmark":    survey.Executed("two", "core.py", []int{1}),
		"no file":         survey.Executed("one", "other.py", []int{1}),
		"line below":      survey.Executed("one", "core.py", []int{-1}),
		"line above":      survey.Executed("one", "core.py", []int{1<<32 + 1}),
		"elsewhere":       survey.AddFile("../core.py", nil),
	} {
		t.Run(name, func(t *testing.T) { is(t, wrong, lightspeed.ErrInvalidArgument) })
	}
	must1(survey.Finish())(t)
	is(t, survey.AddBenchmark("two"), lightspeed.ErrClosed)
	_, err := survey.Finish()
	is(t, err, lightspeed.ErrClosed)
	must(t, survey.Close())
}

// TestShared has eight goroutines that use an index while another one closes it, and that build one survey.
func TestShared(t *testing.T) {
	made, closed := index(t), index(t)
	survey := must1(lightspeed.NewSurvey(nil))(t)
	var group sync.WaitGroup
	for worker := range 8 {
		group.Add(1)
		go func() {
			defer group.Done()
			for round := range 125 {
				selection, err := made.Select(t.Context(), map[string][]byte{"core.py": []byte(changed)}, nil)
				if err != nil || !slices.Equal(selection.Benchmarks(), []string{"time_two"}) {
					t.Errorf("%v, %v", selection, err)
				}
				if _, err := closed.Benchmarks(); err != nil && err != lightspeed.ErrClosed {
					t.Error(err)
				}
				if worker == 0 && round == 60 {
					must(t, closed.Close())
				}
				must(t, survey.AddBenchmark(strings.Repeat("x", worker*125+round+1)))
			}
		}()
	}
	group.Wait()
	if ids := must1(must1(survey.Finish())(t).Benchmarks())(t); len(ids) != 1000 {
		t.Errorf("%d benchmarks", len(ids))
	}
}
