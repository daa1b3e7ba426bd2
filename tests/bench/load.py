"""A client cheap enough not to be what is measured: kept-alive connections, requests encoded beforehand.

Every connection sends its next request as soon as it has the whole answer to the last one, until its requests or the
seconds are used up; then it waits for the answer it is owed, so nothing is left in the server's queue.
"""

import selectors
import socket
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

LONGEST_WAIT = 30.0


class WrongAnswer(RuntimeError):
    """The server did not say what the benchmark came for."""


@dataclass
class Job:
    """What one client process does: for each of its connections the requests to send one after another."""

    port: int
    status: int
    queues: Sequence[Sequence[bytes]]
    seconds: float
    begin: float  # by time.monotonic(), so that two processes begin together
    again: bool = True  # start over when the requests are used up


@dataclass
class Done:
    """What came of it."""

    began: float = 0.0
    ended: float = 0.0
    cpu: float = 0.0
    latencies: list[float] = field(default_factory=list)
    used: list[int] = field(default_factory=list)  # requests of each queue


class Connection:
    """One browser's worth of load."""

    def __init__(self, port: int, queue: Sequence[bytes], expected: bytes) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=LONGEST_WAIT)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.queue, self.expected, self.used = queue, expected, 0
        self.head, self.missing, self.sent_at = b"", -1, 0.0

    def send(self, again: bool) -> bool:
        """Ask the next thing, if there is one."""
        if self.used >= len(self.queue) and not again:
            return False
        request = self.queue[self.used % len(self.queue)]
        self.used += 1
        self.sent_at = time.perf_counter()
        self.socket.sendall(request)
        return True

    def receive(self, buffer: memoryview) -> bool:
        """Take what has come; true when the answer is whole."""
        size = self.socket.recv_into(buffer)
        if not size:
            raise WrongAnswer("the server closed the connection")
        if self.missing < 0:
            self.head += bytes(buffer[:size])
            if (end := self.head.find(b"\r\n\r\n")) < 0:
                return False
            self.missing = self._length(end) - (len(self.head) - end - 4)
            self.head = b""
        else:
            self.missing -= size
        if self.missing:
            return False
        self.missing = -1
        return True

    def _length(self, end: int) -> int:
        if not self.head.startswith(self.expected):
            raise WrongAnswer(self.head[:2000].decode(errors="replace"))
        head = self.head[:end].lower() + b"\r\n"
        start = head.index(b"content-length:") + 15
        return int(head[start : head.index(b"\r\n", start)])


def work(job: Job) -> Done:
    """Do one client process's part."""
    expected = b"HTTP/1.1 %d " % job.status
    connections = [Connection(job.port, queue, expected) for queue in job.queues]
    done, buffer = Done(), memoryview(bytearray(1 << 18))
    with selectors.DefaultSelector() as selector:
        for connection in connections:
            selector.register(connection.socket, selectors.EVENT_READ, connection)
        time.sleep(max(0.0, job.begin - time.monotonic()))
        cpu, done.began = time.process_time(), time.monotonic()
        deadline = done.began + job.seconds
        waiting = sum(connection.send(job.again) for connection in connections)
        while waiting:
            ready = selector.select(LONGEST_WAIT)
            if not ready:
                raise WrongAnswer(f"no answer within {LONGEST_WAIT:.0f} s")
            for key, _ in ready:
                connection = key.data
                if connection.receive(buffer):
                    done.latencies.append(time.perf_counter() - connection.sent_at)
                    if time.monotonic() >= deadline or not connection.send(job.again):
                        waiting -= 1
        done.ended, done.cpu = time.monotonic(), time.process_time() - cpu
    for connection in connections:
        connection.socket.close()
    done.used = [connection.used for connection in connections]
    return done


def encode(method: str, address: str, *, cookie: str = "", body: bytes = b"", host: str = "127.0.0.1") -> bytes:
    """A request as a browser sends it."""
    lines = [f"{method} {address} HTTP/1.1", f"Host: {host}", "Accept: text/html", "Accept-Language: en"]
    if cookie:
        lines.append(f"Cookie: {cookie}")
    if body:
        lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


def decode(request: bytes) -> tuple[str, str, dict[str, str], bytes]:
    """Method, address, headers and body of what `encode` wrote."""
    head, _, body = request.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    method, address, _version = first.split(" ")
    return method, address, dict(line.split(": ", 1) for line in lines), body


def shared_out(requests: Sequence[bytes], connections: int) -> Iterator[list[bytes]]:
    """A queue for each connection; no request is in two of them."""
    for number in range(connections):
        yield list(requests[number::connections])
