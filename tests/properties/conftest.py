"""How properties are tried: for as long as an example takes, for the machine may be busy with others."""

from hypothesis import settings

settings.register_profile("coffer", deadline=None)
settings.load_profile("coffer")
