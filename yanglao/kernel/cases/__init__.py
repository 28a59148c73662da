"""Cases 办件: one engine for every process with steps, departments and deadlines."""
