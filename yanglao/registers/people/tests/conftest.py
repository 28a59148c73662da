from yanglao.shell.offline.tests.phones import phone, phone_of

__all__ = ["phone", "phone_of"]
