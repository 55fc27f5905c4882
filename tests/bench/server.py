"""The real server in a process of its own, which a test may kill."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_START_WITHIN_S = 60.0
_LOOK_AGAIN_S = 0.05
_CLOCK_TICKS = os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    """A port of the loopback that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def settings_of(folder: Path, port: int) -> dict[str, str]:
    """The environment of a private installation in `folder`, with no setting of this machine's own."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("RAPPEL_")}
    return clean | {"RAPPEL_INSTANCE": str(folder), "RAPPEL_PORT": str(port), "PYTHONUNBUFFERED": "1"}


class Server:
    """`python -m app run`, or another command that serves, on a port of the loopback."""

    def __init__(self, folder: Path, *command: str, alive: str = "/readyz", **settings: str) -> None:
        self.port = free_port()
        self.folder = folder
        self.log = folder / "server.log"
        self._alive = alive
        self._command = (sys.executable, "-m", *(command or ("app", "run")))
        self._environment = settings_of(folder, self.port) | settings
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The process's number; 0 when none runs."""
        return self._process.pid if self._process else 0

    def start(self) -> "Server":
        """Start, and return when it answers; raises RuntimeError with its log when it ends instead."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command, cwd=ROOT, env=self._environment, stdout=log, stderr=log, stdin=subprocess.DEVNULL
            )
        deadline = time.monotonic() + _START_WITHIN_S
        while time.monotonic() < deadline and self._process.poll() is None:
            if self._answers():
                return self
            threading.Event().wait(_LOOK_AGAIN_S)
        self.kill()
        raise RuntimeError(self.log.read_text(encoding="utf-8", errors="replace"))

    def kill(self) -> None:
        """End it as a power cut does: no signal that it could catch."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """Ask it to end, as an operator does; return its exit status."""
        return self._end(signal.SIGTERM)

    def wait(self) -> int:
        """Wait until it has ended; return its exit status."""
        if self._process is None:
            return 0
        status = self._process.wait(timeout=30)
        self._process = None
        return status

    def run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Run another command of the application on the same installation."""
        command = (sys.executable, "-m", "app", *arguments)
        return subprocess.run(
            command, cwd=ROOT, env=self._environment, capture_output=True, text=True, timeout=60, check=False
        )

    def cpu_s(self) -> float:
        """The processor time it has used so far, in seconds."""
        fields = Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _CLOCK_TICKS

    def memory_mib(self) -> float:
        """The memory it holds, in MiB."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text(encoding="ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20

    def _end(self, number: int) -> int:
        if self._process is None:
            return 0
        self._process.send_signal(number)
        return self.wait()

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", self._alive)
            return connection.getresponse().status == http.HTTPStatus.OK
        except OSError:
            return False
        finally:
            connection.close()
