"""Tests of the house as a whole, and the harness every room's tests run in."""
