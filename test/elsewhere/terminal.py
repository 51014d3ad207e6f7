"""Tries `kt top` on a real terminal: it fills the screen, `q` ends it, and where shells can stop a program, Ctrl-Z and `fg` work.

    python test/elsewhere/terminal.py BROKER

On Windows it needs the package pywinpty, elsewhere nothing.
"""
import os
import sys
import threading
import time

ENTER, LEAVE = "\x1b[?1049h", "\x1b[?1049l"


class Terminal:
    """A terminal with a program on it; what is printed is kept as one text."""

    def __init__(self, argv):
        self.printed = ""
        self.lock = threading.Lock()
        if os.name == "nt":
            from winpty import PtyProcess

            os.environ["PROMPT"] = "ready$G "
            process = PtyProcess.spawn(argv, dimensions=(24, 100))
            self.write, read = process.write, lambda: process.read(4096)
        else:
            import pty

            child, descriptor = pty.fork()
            if child == 0:
                os.environ.update(TERM="xterm-256color", PS1="ready> ")
                os.execvp(argv[0], argv)
            import fcntl
            import struct
            import termios

            fcntl.ioctl(descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 100, 0, 0))
            self.write = lambda text: os.write(descriptor, text.encode())
            read = lambda: os.read(descriptor, 4096).decode(errors="replace")
        threading.Thread(target=self._keep, args=(read,), daemon=True).start()

    def _keep(self, read):
        try:
            while True:
                text = read()
                with self.lock:
                    self.printed += text
        except (OSError, EOFError):
            pass

    def wait_for(self, text, what, seconds=60):
        """Waits until the text was printed, and forgets all up to it."""
        end = time.monotonic() + seconds
        while text not in self.printed:
            if time.monotonic() > end:
                sys.exit(f"not ok {what}: {self.printed[-2000:]!r}")
            time.sleep(0.1)
        with self.lock:
            self.printed = self.printed[self.printed.index(text) + len(text) :]
        print(f"ok {what}", flush=True)


def main(broker):
    windows = os.name == "nt"
    terminal = Terminal(["cmd.exe", "/q"] if windows else ["bash", "--norc", "--noprofile", "-i"])
    newline = "\r\n" if windows else "\n"

    def shell(line):
        # What is typed before the prompt, kt may still take for keys.
        terminal.wait_for("ready>", "the shell is ready")
        terminal.write(line + newline)

    shell(f"kt -b {broker} top")
    terminal.wait_for("1 broker", "kt top fills the screen")
    if not windows:
        terminal.write("\x1a")
        terminal.wait_for(LEAVE, "Ctrl-Z gives the terminal back")
        terminal.wait_for("Stopped", "the shell says that kt is stopped")
        shell("fg")
        terminal.wait_for(ENTER, "fg brings kt back")
        terminal.wait_for("1 broker", "kt top fills the screen again")
    terminal.write("q")
    if not windows:
        terminal.wait_for(LEAVE, "q gives the terminal back")
    # The echo of what is typed is not the answer: the number is not in it.
    shell("echo code=%ERRORLEVEL%=" if windows else "echo code=$?=")
    terminal.wait_for("code=0=", "kt ended with 0")


main(sys.argv[1])
