"""What may go wrong with keys and cipher text; every message says how to mend it."""


class CryptoError(Exception):
    """Base of this room's errors; its text is meant for the operator."""


class KeyMissing(CryptoError):
    """The master key or a data key that is needed is not there."""


class KeyMismatch(CryptoError):
    """The master key at hand does not open the data keys of this database."""


class Tampered(CryptoError):
    """The cipher text was changed, or stands in another row or column than it was made for."""
