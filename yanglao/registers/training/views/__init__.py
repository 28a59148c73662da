"""Pages of training, by topic."""
