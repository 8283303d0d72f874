"""The native way to run: programs of this machine, kept alive by one supervisor."""
