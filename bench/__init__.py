"""Measurements: `./run bench` lists them, `./run bench NAME [options]` runs one and keeps the result."""
