"""Limits of the child process that reads an untrusted document."""

MEMORY_BYTES = 1024**3
FILE_BYTES = 64 * 1024**2
PROCESSOR_SECONDS = 10
# The exit code of a child that needed more memory than it may have.
OUT_OF_MEMORY = 77
# And of one that worked for too long, where the system itself does not end it by a signal.
OUT_OF_TIME = 78
