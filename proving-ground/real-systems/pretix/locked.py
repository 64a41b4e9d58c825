"""pretix as it is installed: each order locks its seats before it looks whether they are free."""

from pretix.wsgi import application  # noqa: F401
