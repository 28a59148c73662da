"""Pure rules of training: seats, passing, goals of plans, ranking."""
