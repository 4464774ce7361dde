"""The site's settings with a password hash of one round, for sites whose people only have to be there.

Everything else is as it is served. Sign-in with the real hash is what `unit/apps` and the month of the demo have.
"""

from apps.settings import *  # noqa: F403  # these are the site's settings

PASSWORD_HASHERS = ["quick_hash.OneRound"]
