"""What benefits offers to the rooms beside it, gathered: `queries` to read and compute, `actions` to change."""
