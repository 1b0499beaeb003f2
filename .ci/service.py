"""Servers of the program under test and a client of them, for the scripts of this folder. Python's own library suffices."""

import asyncio
import os
import pathlib
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent


def program():
    """The program that RIVIERA names, or a release build of this tree."""
    if "RIVIERA" in os.environ:
        return os.path.realpath(os.environ["RIVIERA"])
    build = ["swift", "build", "-c", "release"]
    subprocess.run(build + ["--product", "riviera"], cwd=ROOT, check=True, stdout=sys.stderr)
    path = subprocess.run(build + ["--show-bin-path"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return os.path.join(path.strip(), "riviera")


def need(command, *packages):
    """The path of a command, whose packages are installed where it is missing."""
    subprocess.run(["bash", "-c", '. .ci/common.sh && need "$@"', "need", command, *packages], cwd=ROOT, check=True)
    return shutil.which(command, path=os.environ["PATH"] + ":/usr/sbin:/sbin")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def certificate(folder):
    """A self-signed certificate on P-256, made on the spot: its file and its key's."""
    files = f"{folder}/server.pem", f"{folder}/server.key"
    subprocess.run([need("openssl", "openssl"), "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1",
                    "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", files[1], "-out", files[0]],
                   check=True, stderr=subprocess.DEVNULL)
    return files


def wait_for(address, status=200, seconds=30, tls=None):
    """Waits until a GET has that status."""
    end = time.monotonic() + seconds
    while True:
        try:
            found = urllib.request.urlopen(address, timeout=5, context=tls).status
        except urllib.error.HTTPError as error:
            found = error.code
        except OSError:
            found = None
        if found == status:
            return
        if time.monotonic() > end:
            raise SystemExit(f"{address}: {status} does not come within {seconds} s")
        time.sleep(0.05)


class Process:
    """A program that ends with the block it is used in; what it prints goes to a file of its own."""

    def __init__(self, *command, folder=None):
        self.log = tempfile.NamedTemporaryFile(prefix="log-", dir=folder)
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=self.log, stderr=subprocess.STDOUT)
        self.pid = self.process.pid

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.log.close()

    def stop(self):
        """SIGTERM; the status that it ends with."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)

    def output(self):
        return pathlib.Path(self.log.name).read_text(errors="replace")


class Server(Process):
    """`riviera serve` on a port of this machine, ready; over TLS where it gets a certificate's files."""

    def __init__(self, *arguments, port=None, folder=None, certificate=None):
        self.port = port or free_port()
        # What a client needs to trust the certificate; None without one.
        self.tls = None
        if certificate:
            self.tls = ssl.create_default_context(cafile=certificate[0])
            arguments += "--tls-certificate", certificate[0], "--tls-key", certificate[1]
        self.address = f"{'https' if self.tls else 'http'}://127.0.0.1:{self.port}"
        super().__init__(program(), "serve", "--host", "127.0.0.1", "--port", str(self.port), *arguments, folder=folder)
        wait_for(self.address + "/health/ready", tls=self.tls)

    def get(self, path):
        """The body of a GET."""
        return urllib.request.urlopen(self.address + path, timeout=30, context=self.tls).read()

    def memory(self):
        """Resident bytes."""
        return int(pathlib.Path(f"/proc/{self.pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.pid}/fd"))

    def threads(self):
        return len(os.listdir(f"/proc/{self.pid}/task"))


class Reply:
    def __init__(self, status, fields, body):
        self.status, self.fields, self.body = status, fields, body


class Connection:
    """A connection that sends requests one after another and reads each reply to its end."""

    def __init__(self, port, source="127.0.0.1", tls=None):
        self.port, self.source, self.tls = port, source, tls
        self.writer = None

    async def open(self):
        self.reader, self.writer = await asyncio.open_connection(
            "127.0.0.1", self.port, limit=1 << 20, local_addr=(self.source, 0), ssl=self.tls)

    def close(self):
        if self.writer:
            self.writer.transport.abort()
            self.writer = None

    @staticmethod
    def bytes_of(method, target, body=b"", **fields):
        lines = [f"{method} {target} HTTP/1.1", "Host: localhost"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in fields.items()]
        if body or method == "POST":
            lines.append(f"Content-Length: {len(body)}")
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + body

    async def send(self, request):
        """The reply to a request's bytes. What is not HTTP, or ends too early, is an error."""
        if not self.writer:
            await self.open()
        self.writer.write(request)
        await self.writer.drain()
        return await self.receive()

    async def receive(self):
        """The next reply."""
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        fields = {}
        for line in head[1:-2]:
            name, _, value = line.partition(":")
            fields[name.lower()] = value.strip()
        if "content-length" in fields:
            body = await self.reader.readexactly(int(fields["content-length"]))
        elif fields.get("transfer-encoding") == "chunked":
            body = b""
            while size := int((await self.reader.readuntil(b"\r\n")).split(b";")[0], 16):
                body += (await self.reader.readexactly(size + 2))[:-2]
            while await self.reader.readuntil(b"\r\n") != b"\r\n":
                pass
        else:
            raise ValueError(f"a reply without a length: {head[0]}")
        if fields.get("connection", "").lower() == "close":
            self.close()
        return Reply(int(head[0].split()[1]), fields, body)


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")
