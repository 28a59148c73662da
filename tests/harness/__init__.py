"""The harness is a linter: what would be a defect on a city's server fails the test that meets it."""
