"""Clients of every kind for `.ci/soak`: good ones, who compare each reply with a reference, and bad ones."""

import asyncio
import collections
import fcntl
import json
import pathlib
import random
import socket
import ssl
import struct
import sys
import termios
import time
import zlib

from service import ROOT, Connection

JSON, NDJSON, PNG = "application/json", "application/x-ndjson", "image/png"
request = Connection.bytes_of


def picture(size, idat, kind=0):
    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", size, size, 8, kind, 0, 0, 0)) + chunk(b"IDAT", idat) + chunk(b"IEND", b"")


def photograph(size):
    """A colour gradient with a transparent hole."""
    rows = (b"\0" + b"".join(bytes([4 * x % 256, 4 * y % 256, 128, 0 if 8 <= x < 14 and 8 <= y < 14 else 255]) for x in range(size)) for y in range(size))
    return picture(size, zlib.compress(b"".join(rows)), kind=6)


image = [[0.25] * 28] * 28
hole = {"image": image, "missing": {"rows": [5, 12], "columns": [5, 20]}, "iterations": 30}
line = json.dumps(hole).encode()
whole = picture(28, zlib.compress((b"\0" + bytes(range(0, 252, 9))) * 28))
nine = (ROOT / "Sources/API/API.docc/nine.png").read_bytes()

PROBABILITY = "/probability?g=3-x1*x2&x1=normal:0:1&x2=normal:0:1&n=2000&seed=1"
GOOD = {
    "/ruin": request("GET", "/ruin?n=3000&k=600&seed=1"),
    "/ruin, a stream": request("GET", "/ruin?n=2000000&k=600&seed=2", Accept=NDJSON),
    "/inpaint": request("POST", "/inpaint", line, Content_Type=JSON),
    "/inpaint, lines": request("POST", "/inpaint", b"\n".join([line, b"{}", line]) + b"\n", Content_Type=NDJSON, X_Request_ID="soak"),
    "/inpaint, pictures": request("POST", "/inpaint?iterations=30&scale=4", nine, Content_Type=PNG, Accept=PNG),
    "/likelihood": request("POST", "/likelihood", json.dumps({"image": image}).encode(), Content_Type=JSON),
    "/sample": request("GET", "/sample?n=4&seed=1"),
    "/gradients": request("GET", "/gradients?seed=1&iterations=300", Accept="image/svg+xml"),
    "/project": request("POST", "/project", b'{"point":[3,2],"constraints":[{"fixed":1},{"min":0,"max":1}]}', Content_Type=JSON),
    "/elbo-gradient": request("POST", "/elbo-gradient", b'{"log_h":"-z1^2/2","mean":[1],"log_std":[0],"samples":1000,"seed":1}', Content_Type=JSON),
    "/inpaint, draws": request("POST", "/inpaint?model=conditional&seed=1", json.dumps({"image": image, "missing": hole["missing"]}).encode(), Content_Type=JSON),
    "/inpaint, a photograph": request("POST", "/inpaint?model=photographs&seed=1", photograph(32), Content_Type=PNG, Accept=PNG),
    "/likelihood, glow": request("POST", "/likelihood?model=glow", whole, Content_Type=PNG),
    "/encode": request("POST", "/encode", whole, Content_Type=PNG, Accept_Encoding="gzip"),
    "/maximize": request("POST", "/maximize", b'{"f":"-(x-2)^2-y^2","variables":["x","y"],"start":[0,0],"constraints":{"ball":{"center":[0,0],"radius":1}}}', Content_Type=JSON),
    "/probability": request("GET", PROBABILITY),
    "/models": request("GET", "/models"),
    "the page": request("GET", "/", Accept="text/html", Accept_Encoding="gzip"),
    "a mistake": request("GET", "/ruin?n=0", X_Request_ID="soak"),
}

# Merged from what the server has answered, as soon as it has.
MERGES = {"/ruin/merge": "/ruin?n=3000&k=600&seed=1", "/probability/merge": PROBABILITY}

# A table of 16 MB, far more than the kernels on both sides hold, for less than a second's work.
LARGE = request("GET", "/gradients?iterations=80000&every=1&batch=2&seed=1", Accept="text/csv")

# Each with the statuses that it may have for an answer.
ABUSE = {
    "JSON 100,000 deep": (request("POST", "/inpaint", b"[" * 100_000, Content_Type=JSON), {400}),
    "JSON of commas": (request("POST", "/inpaint", b"[" + b"," * 4_000_000, Content_Type=JSON), {400}),
    "a number of 2 MB": (request("POST", "/decode", b'{"latent":[' + b"1" * 2_000_000 + b"]}", Content_Type=JSON), {400, 422}),
    "a picture that inflates to 64 MB": (request("POST", "/inpaint", picture(28, zlib.compress(bytes(64 << 20), 9)), Content_Type=PNG), {200, 400, 413, 422}),
    "a picture with 4 MB of zeros behind": (request("POST", "/inpaint", nine + bytes(4 << 20), Content_Type=PNG), {200, 400, 413, 422}),
    "a picture of 2^31 rows": (request("POST", "/inpaint", picture(2**31 - 1, zlib.compress(b"0")), Content_Type=PNG), {400, 413, 422}),
    "20 MB": (b"POST /inpaint HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 20000000\r\n\r\n", {413}),
    "a head of 1 MB": (b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"a" * 1_000_000 + b"\r\n\r\n", {431}),
    "10,000 fields": (b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X: a\r\n" * 10_000 + b"\r\n", {431}),
    "two lengths": (b"POST /inpaint HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", {400}),
    "no HTTP": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(300), {400}),
    "an expression 2,000 deep": (request("GET", "/gradients?f=" + "(" * 2000 + "x" + ")" * 2000), {400, 422}),
    "more games than allowed": (request("GET", "/ruin?n=1000000000000&k=1000000000"), {422}),
    "a probability of 100 million draws": (request("GET", "/probability?g=3-x1*x2&x1=normal:0:1&x2=normal:0:1&n=100000000&method=naive&seed=1&deadline=0.2"), {200, 422, 504}),
    "shards that are none": (request("POST", "/probability/merge", b'[{"estimate":1}]', Content_Type=JSON), {422}),
    "a photograph, late": (request("POST", "/inpaint?model=photographs&deadline=0.05", photograph(256), Content_Type=PNG), {200, 504}),
    "a deadline of a millisecond": (request("GET", "/ruin?n=100000000&k=600&seed=1&deadline=0.001"), {200, 504}),
}


# To a port that takes TLS only: each beginning, and what comes back.
UNSECURED = {
    "plain HTTP to the TLS port": (b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", b"HTTP/1.1 400"),
    "a record of no kind": (bytes([99, 3, 3, 0, 5]) + b"hello", b""),
    "half a ClientHello": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(100), b""),
    "a ClientHello of 16 MB": (b"\x16\x03\x01\x40\x00\x01\xff\xff\xff\x03\x03" + bytes(300), b""),
    "an alert": (b"\x15\x03\x03\x00\x02\x02\x28", b""),
}


class Clients:
    def __init__(self, server, end):
        self.server, self.end = server, end
        self.good_requests = dict(GOOD)
        for name, target in MERGES.items():
            shards = [server.get(f"{target}&shard={k}/2").decode() for k in range(2)]
            self.good_requests[name] = request("POST", name, f"[{','.join(shards)}]".encode(), Content_Type=JSON)
        self.times = {name: [] for name in self.good_requests}
        self.counts = {}
        self.violations = {}
        self.random = random.Random(1)
        self.reference = {}
        self.lateness = collections.deque(maxlen=10_000)

    def violate(self, what):
        self.violations[what] = self.violations.get(what, 0) + 1

    def count(self, what):
        self.counts[what] = self.counts.get(what, 0) + 1

    @property
    def runs(self):
        return time.monotonic() < self.end

    def connection(self, source):
        return Connection(self.server.port, source, self.server.tls)

    async def watch_lateness(self):
        """Notes how long this program waits for its turn on a busy machine, by a timer that should take a tenth of a second."""
        while self.runs:
            start = time.monotonic()
            await asyncio.sleep(0.1)
            self.lateness.append((time.monotonic(), time.monotonic() - start - 0.1))

    def lost(self, name, what, start):
        """A good request that got no answer. The server gives a head 10 seconds and a reader 30: where this program itself had no
        turn for most of the former, it was not a good client."""
        late = sum(late for at, late in self.lateness if at >= start)
        print(f"lost: {name}: {what}, {time.monotonic() - start:.1f} s after its beginning, {late:.1f} s of them without a turn", flush=True)
        if late > 5:
            self.count("good, but late ourselves")
        else:
            self.violate(f"{name}: {what}")

    async def refer(self):
        connection = self.connection("127.0.0.1")
        for name, bytes in self.good_requests.items():
            reply = await connection.send(bytes)
            self.reference[name] = (reply.status, reply.body)
            if reply.status != (422 if name == "a mistake" else 200):
                self.violate(f"{name}: {reply.status} for a reference")
        connection.close()

    # --- good clients

    async def good(self, number):
        source = f"127.0.2.{number + 1}"
        connection = self.connection(source)
        while self.runs:
            name = self.random.choice(list(self.good_requests))
            bytes = self.good_requests[name]
            start = time.monotonic()
            try:
                if self.random.random() < 0.1:
                    # The same in small pieces.
                    connection.writer or await connection.open()
                    step = max(1, len(bytes) // 4)
                    for at in range(0, len(bytes), step):
                        connection.writer.write(bytes[at:at + step])
                        await asyncio.sleep(0.001)
                    reply = await connection.receive()
                elif self.random.random() < 0.1:
                    # Many at once; replies come in order.
                    connection.writer or await connection.open()
                    connection.writer.write(bytes * 5)
                    reply = await connection.receive()
                    for _ in range(4):
                        if reply.status == 408:
                            break
                        self.judge(name, reply)
                        reply = await connection.receive()
                else:
                    reply = await connection.send(bytes)
                if reply.status == 408:
                    self.lost(name, "408", start)
                    connection.close()
                    continue
                self.judge(name, reply)
                self.times[name].append(time.monotonic() - start)
            except (OSError, ValueError, asyncio.IncompleteReadError) as error:
                self.lost(name, repr(error), start)
                connection.close()
            if self.random.random() < 0.02:
                connection.close()
        connection.close()

    def judge(self, name, reply):
        status, body = self.reference[name]
        if reply.status != status:
            self.violate(f"{name}: {reply.status} for {status}")
        elif reply.body != body:
            self.violate(f"{name}: other bytes")
        self.count("answers compared")

    # --- bad clients; each says what the server has to do about it

    async def expect(self, what, connection, statuses, seconds):
        """A reply with one of the statuses, or the connection's end, within that time."""
        try:
            reply = await asyncio.wait_for(connection.receive(), seconds)
            if reply.status not in statuses:
                self.violate(f"{what}: {reply.status}")
        except asyncio.TimeoutError:
            self.violate(f"{what}: nothing within {seconds} s")
        except (OSError, asyncio.IncompleteReadError):
            # Closed, or reset while we were sending.
            pass
        self.count(what)

    async def stall(self):
        connection = self.connection("127.0.3.1")
        await connection.open()
        connection.writer.write(b"GET /ruin HTTP/1.1\r\nHo")
        await self.expect("stalls in the head", connection, {408}, 30)
        connection.close()

    async def trickle(self):
        connection = self.connection("127.0.3.2")
        await connection.open()
        connection.writer.write(b"POST /inpaint HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n")
        receiving = asyncio.create_task(self.expect("trickles a body", connection, {408}, 60))
        writer = connection.writer
        while not receiving.done():
            try:
                writer.write(b" ")
                await writer.drain()
            except OSError:
                break
            await asyncio.sleep(0.5)
        await receiving
        connection.close()

    async def chunks(self):
        """Chunks without end, each with an extension; as fast as they are taken."""
        connection = self.connection("127.0.3.3")
        await connection.open()
        connection.writer.write(b"POST /inpaint HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
        receiving = asyncio.create_task(self.expect("sends chunks without end", connection, {400, 408, 413}, 60))
        writer = connection.writer
        while not receiving.done():
            try:
                writer.write(b"400\r\n" + b" " * 1024 + b"\r\n" + b"1;a=b\r\n \r\n" * 8)
                await writer.drain()
            except OSError:
                break
            await asyncio.sleep(0)
        await receiving
        connection.close()

    async def reset(self):
        connection = self.connection("127.0.3.4")
        await connection.open()
        name = self.random.choice(list(self.good_requests))
        bytes = self.good_requests[name]
        connection.writer.write(bytes[:self.random.randrange(1, len(bytes))] if self.random.random() < 0.5 else bytes)
        await asyncio.sleep(self.random.random() * 0.02)
        connection.writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()
        self.count("resets")
        await asyncio.sleep(0.05)

    async def vanish(self):
        """Asks for minutes of work and leaves without a word."""
        connection = self.connection("127.0.3.5")
        await connection.open()
        connection.writer.write(request("GET", "/ruin?n=1000000000&k=600&seed=1", Accept=self.random.choice([JSON, NDJSON])))
        await asyncio.sleep(self.random.random())
        connection.close()
        self.count("vanishes from long work")
        await asyncio.sleep(0.2)

    async def never_read(self):
        """Asks for much and reads nothing: the server has to close the connection."""
        reader = await asyncio.to_thread(self.asks_for_much)
        # When the reply comes is the queue's affair. Then it has more than http.write_timeout.
        waiting = 0
        for _ in range(1200):
            await asyncio.sleep(0.1)
            waiting = self.unread(reader)
            # More than what TLS says after a handshake, or a problem's answer.
            if waiting > 1500 or not self.runs:
                break
        else:
            self.violate("never reads: no reply begins within 120 s")
        # TLS shows nobody the status; a problem's answer would have been too short.
        status = b"200" if self.server.tls else reader.recv(12, socket.MSG_PEEK)[9:]
        if waiting > 1500 and status != b"200":
            self.violate(f"never reads: {status.decode('latin-1')}")
            reader.close()
            return
        for _ in range(45):
            await asyncio.sleep(1)
            if not self.runs:
                break
        else:
            if self.serves(reader.getsockname()):
                self.violate("never reads: not closed")
            self.count("never reads")
        reader.close()

    def asks_for_much(self):
        """A socket with room for next to nothing, on which a large answer has been asked for; blocking."""
        reader = socket.socket()
        reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        reader.settimeout(60)
        reader.bind(("127.0.3.6", 0))
        reader.connect(("127.0.0.1", self.server.port))
        if self.server.tls:
            reader = self.server.tls.wrap_socket(reader, server_hostname="127.0.0.1")
        reader.sendall(LARGE * 2)
        return reader

    @staticmethod
    def unread(reader):
        """How many bytes have come to a socket."""
        return struct.unpack("i", fcntl.ioctl(reader, termios.FIONREAD, bytes(4)))[0]

    def serves(self, client):
        """Whether the server's process still has the connection to that address: the kernel may keep what is unread longer."""
        ends = [f"{int.from_bytes(socket.inet_aton(host), sys.byteorder):08X}:{port:04X}" for host, port in (("127.0.0.1", self.server.port), client)]
        rows = (line.split() for line in pathlib.Path("/proc/net/tcp").read_text().splitlines()[1:])
        # Column 9 is the socket's inode: 0 when no process has it.
        return any(row[1:3] == ends and row[9] != "0" for row in rows)

    async def crowd(self):
        connections = [self.connection("127.0.3.7") for _ in range(200)]
        for connection in connections:
            await connection.open()
        await asyncio.sleep(self.random.random() * 5)
        for connection in connections:
            connection.close()
        self.count("opens 200 connections for nothing")
        await asyncio.sleep(2)

    async def abuse(self):
        connection = self.connection("127.0.3.8")
        await connection.open()
        name = self.random.choice(list(ABUSE))
        bytes, statuses = ABUSE[name]
        connection.writer.write(bytes)
        await self.expect(name, connection, statuses, 60)
        connection.close()
        await asyncio.sleep(0.1)

    async def unsecured(self):
        """What is no TLS, at a port that takes nothing else: an answer in plain text, an alert, or the end."""
        name = self.random.choice(list(UNSECURED))
        bytes, expected = UNSECURED[name]
        reader, writer = await asyncio.open_connection("127.0.0.1", self.server.port, local_addr=("127.0.3.9", 0))
        writer.write(bytes)
        try:
            said = await asyncio.wait_for(reader.read(), 30)
            if not said.startswith(expected) or (not expected and said and said[0] != 21):
                self.violate(f"{name}: {said[:40]!r}")
        except asyncio.TimeoutError:
            self.violate(f"{name}: nothing within 30 s")
        except OSError:
            # Reset, since we had sent more than was read.
            pass
        writer.transport.abort()
        self.count(name)
        await asyncio.sleep(0.2)

    async def again(self, behaviour):
        while self.runs:
            try:
                await behaviour()
            except (OSError, ssl.SSLError) as error:
                self.violate(f"{behaviour.__name__}: {error!r}")
                await asyncio.sleep(0.1)
