"""Pure rules of the register: names, ages, dated facts. No Django."""
