"""The password hash of `quick_settings`."""

from django.contrib.auth.hashers import PBKDF2PasswordHasher


class OneRound(PBKDF2PasswordHasher):
    """The real one hashes a million times over, a third of a second each."""

    iterations = 1
