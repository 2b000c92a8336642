"""Standard output and error of the process, masked below everything that writes to them.

Python's streams, pytest's own copies of them, C code and child processes all write to file descriptors 1 and
2. Here both become pipes, and what comes out of them is masked line by line.
"""

import atexit
import os
import sys
import threading

from contract_tests.sandbox.masking import Masker

_CHUNK = 65_536
_LONGEST_LINE = 1024 * 1024
_DRAIN_SECONDS = 10


class Output:
    """A descriptor whose output is masked from now until the process ends."""

    def __init__(self, descriptor: int, masker: Masker) -> None:
        self._descriptor, self._masker = descriptor, masker
        self._real = os.dup(descriptor)
        reading, writing = os.pipe()
        os.dup2(writing, descriptor)
        os.close(writing)
        self._thread = threading.Thread(target=self._pass_on, args=(reading,), daemon=True)
        self._thread.start()

    def _pass_on(self, reading: int) -> None:
        line = b""
        while chunk := os.read(reading, _CHUNK):
            *whole, line = (line + chunk).split(b"\n")
            for each in whole:
                self._write(each + b"\n")
            if len(line) > _LONGEST_LINE:
                self._write(line)
                line = b""
        self._write(line)
        os.close(reading)

    def _write(self, content: bytes) -> None:
        text = content.decode("utf-8", "surrogateescape")
        left = self._masker.mask(text).encode("utf-8", "surrogateescape")
        while left:
            left = left[os.write(self._real, left) :]

    def close(self) -> None:
        """Give the descriptor back, once all has been written."""
        os.dup2(self._real, self._descriptor)
        self._thread.join(_DRAIN_SECONDS)


def mask_output(masker: Masker) -> None:
    """Mask both descriptors until the interpreter ends."""
    outputs = [Output(descriptor, masker) for descriptor in (1, 2)]

    def close() -> None:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        for output in outputs:
            output.close()

    atexit.register(close)
