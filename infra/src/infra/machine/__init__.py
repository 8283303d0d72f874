"""This machine: the folder that a stack writes to, its ports and certificates, and running a program."""
