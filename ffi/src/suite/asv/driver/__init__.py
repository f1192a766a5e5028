"""The embedded driver: discovers, surveys and runs the benchmarks of an ASV suite (docs/driver.md)."""
