"""What every service tells over HTTP, as data: for those that tell it, and for the programs that read it."""
