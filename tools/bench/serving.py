"""A small HTTP server beside what is measured, and one that speaks TLS, as AWS does."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import trustme

HOST = "127.0.0.1"


class Server(ThreadingHTTPServer):
    """Serves on a free port of this machine; `state` is what its handler answers from."""

    daemon_threads = True
    state: Any = None

    @property
    def address(self) -> str:
        """Host and port."""
        return f"{HOST}:{self.server_port}"

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 -- as it is overridden
        """Nothing is wrong with a client that is gone: it was ended as soon as it had answered."""
        del request, client_address


@contextmanager
def serving(handler: type[BaseHTTPRequestHandler], signed_by: trustme.CA | None = None) -> Iterator[Server]:
    """A server, while the block lasts; over TLS, if an authority signs for it."""
    with Server((HOST, 0), handler) as server:
        if signed_by:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            # RSA, as AWS's certificates have it; and the handshake is left to the connection's own thread.
            signed_by.issue_cert(HOST, key_type=trustme.KeyType.RSA).configure_cert(context)
            server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
