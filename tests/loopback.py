"""A waitress server in a thread of its own, on a port of loopback, that ends without cutting into its own loop."""

import threading
from collections.abc import Callable
from typing import Any

import waitress

_ENDS_WITHIN_S = 5


class Served:
    """A WSGI application answering on `port`, from now until `stop`.

    `port` 0 takes a free one. Raises OSError when the port is taken.
    """

    def __init__(self, app: Callable[..., Any], port: int = 0) -> None:
        self._sockets: dict[int, Any] = {}
        self._server: Any = waitress.create_server(app, map=self._sockets, host="127.0.0.1", port=port, threads=4)
        self.port = int(self._server.effective_port)
        self.url = f"http://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Let requests at work end, cut every connection, and answer no more."""
        self._server.task_dispatcher.shutdown(timeout=_ENDS_WITHIN_S)
        # A socket closed while the loop waits on it is an error there: the loop has to end first, by its own thread.
        channels = list[Any]()
        self._server.trigger.pull_trigger(lambda: self._leave_loop(channels))
        self._thread.join(timeout=_ENDS_WITHIN_S)
        assert not self._thread.is_alive(), "the server did not end"
        for channel in channels:
            channel.close()

    def _leave_loop(self, channels: list[Any]) -> None:
        channels.extend(self._sockets.values())
        self._sockets.clear()
