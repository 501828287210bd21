"""The whole stack on this machine: the built template on a local AWS emulator, with nothing else installed."""
