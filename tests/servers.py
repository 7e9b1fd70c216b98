"""A real Redis on a free port, for the tests and the run of faults."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

REDIS = shutil.which("redis-server")
OPENSSL = shutil.which("openssl")


@contextmanager
def redis_server(folder: Path, *options: str, port: int | None = None) -> Iterator[int]:
    """A Redis on 127.0.0.1 that keeps nothing and ends with the block; its port."""
    port = port or free_port()
    port_options = ("--port", str(port)) if "--tls-port" not in options else ("--port", "0")
    command = [str(REDIS), *port_options, "--bind", "127.0.0.1", "--save", "", "--dir", str(folder), *options]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:  # noqa: S603
        try:
            _wait_for(int(options[options.index("--tls-port") + 1]) if "--tls-port" in options else port)
            yield port
        finally:
            server.kill()


@contextmanager
def redis_over_tls(folder: Path) -> Iterator[tuple[int, Path]]:
    """The same over TLS, with a certificate of its own that nobody else has signed; its port and that certificate."""
    key, certificate, port = folder / "key.pem", folder / "cert.pem", free_port()
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"]
    request = [str(OPENSSL), "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", *subject]
    subprocess.run([*request, "-keyout", key, "-out", certificate], check=True, capture_output=True)  # noqa: S603
    options = ["--tls-port", str(port), "--tls-cert-file", str(certificate), "--tls-key-file", str(key)]
    with redis_server(folder, *options, "--tls-auth-clients", "no"):
        yield port, certificate


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with closing(socket.create_server(("127.0.0.1", 0))) as probe:
        return int(probe.getsockname()[1])


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), 0.1).close()
        except OSError:
            time.sleep(0.01)
        else:
            return
    raise TimeoutError
