"""Code that runs in the peers' own environment; of our modules only the loop is imported here."""
