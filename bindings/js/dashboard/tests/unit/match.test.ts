import { describe, expect, it } from "vitest";
import { pathMatcher, placeOfNew } from "../../src/model/match.ts";

const SURVEYED = ["pkg/core/array.py", "pkg/io/array.py", "pkg/io/codec.py", "array.py", "setup.py"];
const match = pathMatcher(SURVEYED);

describe("a path from elsewhere", () => {
    it("is the surveyed path that it ends with, or that ends with it", () => {
        expect(match("src/pkg/io/codec.py").chosen).toBe("pkg/io/codec.py");
        expect(match("codec.py").chosen).toBe("pkg/io/codec.py");
        expect(match("C:\\work\\pkg\\io\\codec.py").chosen).toBe("pkg/io/codec.py");
        expect(match("./pkg/core/array.py").chosen).toBe("pkg/core/array.py");
    });
    it("is the longest of several", () => {
        const found = match("repo/pkg/core/array.py");
        expect(found.chosen).toBe("pkg/core/array.py");
        expect(found.ambiguous).toBe(false);
        expect(found.candidates).toEqual(["pkg/core/array.py", "array.py"]);
    });
    it("is itself where it is surveyed, though others end alike", () => {
        const found = match("array.py");
        expect([found.chosen, found.ambiguous]).toEqual(["array.py", false]);
        expect(found.candidates).toHaveLength(3);
    });
    it("is ambiguous where several fit as well", () => {
        const two = pathMatcher(["a/x.py", "b/x.py"])("x.py");
        expect([two.ambiguous, two.candidates]).toEqual([true, ["a/x.py", "b/x.py"]]);
    });
    it("matches whole segments only, and no file of another directory", () => {
        expect(match("recodec.py").chosen).toBeNull();
        expect(match("other/codec.py").chosen).toBeNull();
        expect(match("io/codec.py").chosen).toBe("pkg/io/codec.py");
    });
});

describe("a new file", () => {
    it("stands below the root that other files show", () => {
        expect(
            placeOfNew("src/pkg/new/x.py", [{ given: "src/pkg/io/codec.py", surveyed: "pkg/io/codec.py" }], SURVEYED),
        ).toBe("pkg/new/x.py");
        expect(placeOfNew("pkg/new/x.py", [{ given: "pkg/io/codec.py", surveyed: "pkg/io/codec.py" }], SURVEYED)).toBe(
            "pkg/new/x.py",
        );
    });
    it("else in a surveyed directory, else nowhere", () => {
        expect(placeOfNew("deep/src/pkg/io/x.py", [], SURVEYED)).toBe("pkg/io/x.py");
        expect(placeOfNew("docs/x.md", [], SURVEYED)).toBeNull();
    });
});
