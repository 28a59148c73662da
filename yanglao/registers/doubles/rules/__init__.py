"""Pure rules: how alike two records are. No Django."""
