"""Yanglao 养老: the software a city runs its elderly-care service system on."""

__version__ = "0.1.0"
