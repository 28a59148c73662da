"""Pages of beds and stays."""
