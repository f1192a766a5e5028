"""Writes a C program that calls every exported function with what it must refuse: `nulls.py HEADER SYMBOLS`, to standard output."""

import re
import sys

# With outputs but nothing else, almost all calls are INVALID_ARGUMENT: a handle or a name is missing. These need neither.
EMPTY = {
    "lightspeed_cancel_new": "OK",  # has no input
    "lightspeed_survey_new": "OK",  # options may be NULL
    "lightspeed_blocks_analyse": "OK",  # the empty file is Python
    "lightspeed_coverage_read": "COVERAGE",  # the empty file is no report
    "lightspeed_index_load": "DATABASE",  # nor a saved index
    "lightspeed_session_open": "CONFIG",  # looks in the directory, where there is none
    "lightspeed_stats_compare": "STATISTICS",  # an empty sample has none
    "lightspeed_stats_summarize": "STATISTICS",
}
# And where every length is 1 with a NULL pointer, only those that take no text, bytes, array or handle are left.
LOST = {"lightspeed_cancel_new": "OK", "lightspeed_survey_new": "OK"}
# What functions that cannot fail answer NULL and numbers that nothing has, by their type; void ones only have to return.
ANSWERS = {
    "size_t": "== 0",
    "uint32_t": "== 0",
    "int32_t": "== 0",
    "bool": "== false",
    "lightspeed_status": "== LIGHTSPEED_STATUS_OK",
}
# Handles that handles.h makes. A measurement would have to be measured.
REAL = ("blocks", "coverage", "experiment", "index", "selection", "session", "store", "survey")
CONSTANTS = {"lightspeed_version": '"" LIGHTSPEED_VERSION', "lightspeed_abi_version": "== LIGHTSPEED_ABI_VERSION"}

HEAD = """/* Written by nulls.py from the header. */
#include "check.h"
#include "handles.h"

/* An odd address, which no type of the header may have but characters. */
static uint64_t odd_place[64];
#define ODD ((void *)((char *)odd_place + 1))

/* Not NULL before the call, so that one that forgets to write it is seen. */
#define ANSWERS(call, status, part) \\
    do { \\
        static char forgotten; \\
        lightspeed_error *error = (lightspeed_error *)(void *)&forgotten; \\
        CHECK((call) == (status)); \\
        CHECK((void *)error != (void *)&forgotten); \\
        CHECK((status) == LIGHTSPEED_STATUS_OK ? error == NULL : says(error, (status), (part))); \\
    } while (0)
#define REFUSED(call, part) ANSWERS(call, LIGHTSPEED_STATUS_INVALID_ARGUMENT, part)
#define UNTOUCHED(place) CHECK(is_filled(&(place), sizeof(place)))

static int is_filled(const void *place, size_t size) {
    for (size_t i = 0; i < size; i++) {
        if (((const unsigned char *)place)[i] != 0xa5) {
            return 0;
        }
    }
    return 1;
}
"""

MAIN = """int main(int argc, char **argv) {
    CHECK(argc == 3);
    make_handles(argv[1], argv[2]);"""


class Parameter:
    """A parameter: its type, name, and what it is for."""

    def __init__(self, text, opaque):
        self.type, self.name = re.fullmatch(r"(.*?)(\w+)", " ".join(text.split())).groups()
        self.type = self.type.strip()
        pointee = self.type.removesuffix("*").strip()
        self.is_pointer = self.type.endswith("*")
        bare = pointee.removeprefix("const ").removeprefix("struct ")
        self.is_handle = self.is_pointer and bare in opaque
        self.is_options = self.is_pointer and pointee.startswith("const ") and bare.endswith("_options")
        self.is_place = self.is_pointer and not self.is_handle and (pointee.endswith("*") or not pointee.startswith("const "))
        self.is_handle_place = self.is_place and pointee.startswith("struct ") and pointee.endswith("*")
        self.is_text = self.type in ("struct lightspeed_str", "struct lightspeed_bytes")
        self.pointee = pointee
        self.noun = bare.removeprefix("lightspeed_").removesuffix("*").strip()

    def nothing(self):
        """NULL, no text, or 0."""
        return f"({self.type}){{ NULL, 0 }}" if self.is_text else "NULL" if self.is_pointer else "0"

    def lost(self):
        """A text, or a number of items, that is not there."""
        return f"({self.type}){{ NULL, 1 }}" if self.is_text else "NULL" if self.is_pointer else "1"

    def given(self, otherwise):
        """The place of the caller, where it is one."""
        return f"&{self.name}" if self.is_place else otherwise


def prototypes(header):
    """(type, name, parameters without the error) of every function, and whether it has the error."""
    code = re.sub(r"/\*.*?\*/|^ *//.*?$|^#.*?$", "", header, flags=re.DOTALL | re.MULTILINE)
    opaque = set(re.findall(r"typedef struct (\w+) \1;", code))
    for result, name, inside in re.findall(r"^((?:struct )?\w+) (lightspeed_\w+)\(([^;]*)\);", code, flags=re.MULTILINE):
        texts = [] if inside.strip() == "void" else inside.split(",")
        parameters = [Parameter(text, opaque) for text in texts]
        fails = bool(parameters) and parameters[-1].name == "err"
        yield result.removeprefix("struct "), name, parameters[:-1] if fails else parameters, fails


def call(name, arguments, error="&error"):
    """A call that can fail."""
    return f"{name}({', '.join([*arguments, error])})"


def fallible(name, parameters):
    """The statements that try one function that can fail."""
    makes_options = name.endswith("_options_init")
    places = [parameter for parameter in parameters if parameter.is_place]
    nothing = [parameter.nothing() for parameter in parameters]
    yield f'    REFUSED({call(name, nothing)}, " is {"0" if makes_options else ""}");'
    yield f"    CHECK({call(name, nothing, 'NULL')} == LIGHTSPEED_STATUS_INVALID_ARGUMENT);"
    yield f"    CHECK({call(name, nothing, 'ODD')} == LIGHTSPEED_STATUS_INVALID_ARGUMENT);"
    for place in places:
        arguments = [p.nothing() if p is place else p.given(p.nothing()) for p in parameters]
        yield from filled(places)
        yield f'    REFUSED({call(name, arguments)}, "");'
        yield from untouched([other for other in places if other is not place])
    for status, otherwise in ((EMPTY, Parameter.nothing), (LOST, Parameter.lost)):
        yield from filled(places)
        arguments = [parameter.given(otherwise(parameter)) for parameter in parameters]
        yield f'    ANSWERS({call(name, arguments)}, LIGHTSPEED_STATUS_{status.get(name, "INVALID_ARGUMENT")}, "");'
        yield from freed(places) if status.get(name) == "OK" else untouched(places)
    yield from sized(name, parameters, places)
    handles = [parameter.noun for parameter in parameters if parameter.is_handle]
    if handles and set(handles) <= set(REAL) and not name.endswith("_finish"):
        yield from incomplete(name, parameters, places)


def incomplete(name, parameters, places):
    """Real handles, and all that is needed but one: that is what the message names."""
    for place, parameter in enumerate(parameters):
        is_array = parameter.is_pointer and not parameter.is_handle
        counted = is_array and place + 1 < len(parameters) and parameters[place + 1].type == "size_t"
        missing = parameter.is_place or parameter.is_text or counted
        if not missing and not parameter.is_handle and not parameter.is_options:
            continue
        arguments = [real(other) for other in parameters]
        if missing or parameter.is_handle:
            arguments[place] = parameter.lost()
            what = f"{parameter.name} is NULL"
        else:
            yield f"    odd_{parameter.name}.struct_size = 3;"
            arguments[place], what = f"&odd_{parameter.name}", "struct_size is 3"
        if counted:
            arguments[place + 1] = "1"
        yield from filled(places)
        yield f'    REFUSED({call(name, arguments)}, "{what}");'
        yield from untouched(other for other in places if other is not parameter)


def real(parameter):
    """A handle that there is, the caller's place, the name that the handles know, or nothing."""
    if parameter.is_handle:
        return f"real_{parameter.noun}"
    if parameter.type == "struct lightspeed_str":
        return 'lightspeed_str_of("a")'
    return parameter.given(parameter.nothing())


def sized(name, parameters, places):
    """Pointers at odd addresses, and structs of sizes that no release had."""
    if name.endswith("_options_init"):
        yield f'    REFUSED({call(name, ["ODD", f"sizeof {places[0].name}"])}, "is not aligned");'
        for size in ("1", "sizeof options - 1", "sizeof options + 8", "SIZE_MAX"):
            yield from filled(places)
            yield f'    REFUSED({call(name, ["&options", size])}, "struct_size is ");'
            yield from untouched(places)
        return
    odd = ["ODD" if p.is_pointer else real(p) if p.is_text else p.lost() for p in parameters]
    yield f'    REFUSED({call(name, odd)}, "is not aligned");'
    for options in (parameter for parameter in parameters if parameter.is_options):
        yield f"    {options.pointee.removeprefix('const ')} odd_{options.name};"
        yield f"    memset(&odd_{options.name}, 0, sizeof odd_{options.name});"
        for size in ("3", f"sizeof odd_{options.name} + 8"):
            arguments = [f"&odd_{options.name}" if p is options else p.given(p.nothing()) for p in parameters]
            yield f"    odd_{options.name}.struct_size = {size};"
            yield from filled(places)
            yield f'    REFUSED({call(name, arguments)}, "");'
            yield from untouched(places)


def filled(places):
    """Fills the outputs, so that it is seen what a call writes."""
    for place in places:
        yield f"    memset(&{place.name}, 0xa5, sizeof {place.name});"


def untouched(places):
    """After a failure a handle is NULL, and nothing else was written."""
    for place in places:
        yield f"    CHECK({place.name} == NULL);" if place.is_handle_place else f"    UNTOUCHED({place.name});"


def freed(places):
    """What a call gave although it was given nothing."""
    for place in places:
        noun = place.pointee.removeprefix("struct ").removesuffix("*").strip()
        yield f"    {noun}_free({place.name});"


def infallible(result, name, parameters):
    """The statement that tries one function that cannot fail."""
    arguments = ", ".join("NULL" if parameter.is_pointer else "INT32_MIN" for parameter in parameters)
    made = f"{name}({arguments})"
    if result == "void":
        return f"    {made};"
    if result == "lightspeed_str":
        takes_number = any(not parameter.is_pointer for parameter in parameters)
        return f'    CHECK(is({made}, {CONSTANTS.get(name, chr(34) + ("UNKNOWN" if takes_number else "") + chr(34))}));'
    return f"    CHECK({made} {CONSTANTS.get(name, ANSWERS[result])});"


def program(header, symbols):
    """The whole program; a symbol that is not in the header, or the other way round, is a fault."""
    functions = list(prototypes(header))
    if sorted(name for _, name, _, _ in functions) != sorted(symbols):
        sys.exit(f"the header and the symbols differ in {sorted({name for _, name, _, _ in functions} ^ set(symbols))}")
    lines = [HEAD]
    for result, name, parameters, fails in functions:
        lines.append(f"static void try_{name}(void) {{")
        lines += [f"    {parameter.pointee} {parameter.name};" for parameter in parameters if fails and parameter.is_place]
        lines += fallible(name, parameters) if fails else [infallible(result, name, parameters)]
        lines.append("}\n")
    calls = [f"    try_{name}();" for _, name, _, _ in functions]
    done = f'    puts("{len(functions)} functions refuse what is not there");'
    return "\n".join([*lines, MAIN, *calls, "    free_handles();", done, "    return 0;", "}"])


def main():
    with open(sys.argv[1], encoding="utf-8") as header, open(sys.argv[2], encoding="utf-8") as symbols:
        print(program(header.read(), symbols.read().split()))


if __name__ == "__main__":
    main()
