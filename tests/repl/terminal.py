"""A program at a pseudo terminal: what a person would type, and what that person would see.

Knows: terminals, waiting for text. Does not know: what Remit says.
Nothing here sleeps: each step waits for the text that shows that the one before is done, for as long as WAIT_SECONDS, so that a slow machine is slow and not wrong.
"""
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time

WAIT_SECONDS = 120
CONTROL = {"C": b"\x03", "D": b"\x04", "P": b"\x10", "R": b"\x12", "U": b"\x15"}
SEQUENCES = re.compile(rb"\x1b\[\?2004l\r|\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>]|\x07")


class NotSeen(Exception):
    """What was waited for did not come; holds what came instead."""


class Terminal:
    """One run of a program at a terminal of its own. `with` ends it, whatever state it is in."""

    def __init__(self, command, folder, environment, columns=200, rows=50, output=None):
        """output: a file that takes the place of stdout."""
        self.raw = b""   # all that was written to the terminal
        self.at = 0      # how much of the text was looked at
        self.status = None
        self.process, self.file = pty.fork()
        if self.process == 0:
            os.chdir(folder)
            if output:
                os.dup2(os.open(output, os.O_WRONLY | os.O_CREAT, 0o600), 1)
            os.execve(command[0], command, environment)
        self.resize(columns, rows)

    def __enter__(self):
        return self

    def __exit__(self, *problem):
        if self.status is None:
            os.kill(self.process, signal.SIGKILL)
            os.waitpid(self.process, 0)
        os.close(self.file)

    def resize(self, columns, rows=50):
        fcntl.ioctl(self.file, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def text(self):
        """What was written, without the sequences that move the cursor or colour, with plain line ends."""
        return SEQUENCES.sub(b"", self.raw).decode("utf-8", "replace").replace("\r\n", "\n")

    def send(self, typed):
        """Types; the program may be slow to read, and what it writes in the meantime is taken, so that neither waits for the other."""
        typed = typed if isinstance(typed, bytes) else typed.encode()
        while typed:
            readable, writable, _ = select.select([self.file], [self.file], [], WAIT_SECONDS)
            if readable:
                self.read()
            if writable:
                typed = typed[os.write(self.file, typed[:512]):]
            if not readable and not writable:
                raise NotSeen("the program reads nothing\n" + self.text()[-3000:])

    def control(self, letter):
        self.send(CONTROL[letter])

    def read(self):
        """Takes what was written; False once the program has let go of the terminal."""
        try:
            block = os.read(self.file, 65536)
        except OSError:  # Linux says so with EIO
            return False
        self.raw += block
        return bool(block)

    def expect(self, wanted, seconds=WAIT_SECONDS):
        """Waits until the text, or a text of the pattern, is written after what was looked at before; gives what stands between."""
        pattern = wanted if isinstance(wanted, re.Pattern) else re.compile(re.escape(wanted))
        end = time.monotonic() + seconds
        while True:
            text = self.text()
            found = pattern.search(text, self.at)
            if found:
                before, self.at = text[self.at:found.start()], found.end()
                return before
            if time.monotonic() > end or (select.select([self.file], [], [], max(0, end - time.monotonic()))[0] and not self.read()):
                raise NotSeen(f"{pattern.pattern!r} was not seen, but:\n{self.text()[self.at:][-3000:]}")

    def expect_end(self):
        """Waits until the program ends; gives what it wrote last. Its exit status is in status."""
        end = time.monotonic() + WAIT_SECONDS
        while select.select([self.file], [], [], max(0, end - time.monotonic()))[0]:
            if not self.read():
                self.status = os.waitstatus_to_exitcode(os.waitpid(self.process, 0)[1])
                return self.text()[self.at:]
        raise NotSeen("the program does not end\n" + self.text()[-3000:])
