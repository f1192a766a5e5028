// The C++ header compiles with nothing before it, twice included, and templates used.
#include <lightspeed.hpp>
#include <lightspeed.hpp>

int main() {
    auto compared = lightspeed::stats::compare({1.0, 2.0}, {1.0, 2.0});
    (void)compared;
    return lightspeed::is_compatible() ? 0 : 1;
}
