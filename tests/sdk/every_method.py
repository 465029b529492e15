"""Runs every method of the official Python SDK's DesktopClient, as it is,
against a running desktop, and checks what comes back.

    pip install -r requirements.txt
    python every_method.py http://127.0.0.1:PORT TOKEN
"""

import asyncio
import contextlib
import inspect
import os
import ssl
import struct
import sys
import tempfile
import threading
import time
import traceback
import typing
from urllib.parse import urlsplit

import trustme
import typing_extensions

# Before Python 3.12 (so on Debian 12) pydantic refuses the SDK's TypedDicts, and
# with them the whole SDK, unless they are those of typing_extensions.
if sys.version_info < (3, 12):
    typing.TypedDict = typing_extensions.TypedDict

from leap0 import Leap0Client, Leap0Error

# The SDK addresses a sandbox as https://<sandbox id>.<domain>. With these two
# the host is 127.0.0.1, and the port is that of the TLS front below.
SANDBOX, DOMAIN = "127", "0.0.1:{port}"

PROCESSES = ["xvfb", "xfce4", "x11vnc", "novnc"]
# The heartbeat of the status stream is 2 s; the rest is for a busy machine.
HEARTBEAT = 3.5


class TlsFront:
    """Takes TLS on a free loopback port and passes the bytes, unchanged and
    both ways, to the desktop, which speaks plain HTTP."""

    def __init__(self, host, port, folder):
        authority = trustme.CA()
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1").configure_cert(self.context)
        self.authority = os.path.join(folder, "authority.pem")
        authority.cert_pem.write_to_path(self.authority)
        self.behind = (host, port)
        self.listening = threading.Event()
        threading.Thread(target=lambda: asyncio.run(self.serve()), daemon=True).start()
        assert self.listening.wait(10), "the TLS front does not listen"

    async def serve(self):
        where = ("127.0.0.1", 0)
        server = await asyncio.start_server(self.connection, *where, ssl=self.context)
        self.port = server.sockets[0].getsockname()[1]
        self.listening.set()
        await server.serve_forever()

    async def connection(self, reader, writer):
        try:
            behind_reader, behind_writer = await asyncio.open_connection(*self.behind)
        except OSError:
            return writer.close()
        asking = self.copy(reader, behind_writer)
        await asyncio.gather(asking, self.copy(behind_reader, writer))

    @staticmethod
    async def copy(reader, writer):
        # Who leaves ends the connection on both sides: TLS has no half of one.
        with contextlib.suppress(OSError):
            while data := await reader.read(1 << 16):
                writer.write(data)
                await writer.drain()
        writer.close()


class Recorded:
    """Calls the client with the sandbox, as the SDK's own handle of a sandbox
    does, and remembers which methods were called."""

    def __init__(self, client):
        self.client = client
        self.called = set()

    def __getattr__(self, name):
        method = getattr(self.client, name)

        def call(*args, **kwargs):
            self.called.add(name)
            return method(SANDBOX, *args, **kwargs)

        return call


def png_size(data):
    assert data[:8] == b"\x89PNG\r\n\x1a\n", f"is no PNG: {data[:16]!r}"
    return struct.unpack(">II", data[16:24])


def jpeg_size(data):
    assert data[:3] == b"\xff\xd8\xff", f"is no JPEG: {data[:16]!r}"
    assert data[-2:] == b"\xff\xd9", "the JPEG is cut off"
    at = 2
    while at < len(data):
        marker, length = struct.unpack(">xBH", data[at : at + 4])
        # The frame header has the size: SOF0 to SOF15 without DHT, JPG and DAC.
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        at += 2 + length
    raise AssertionError("a JPEG without a frame header")


def same(found, expected, what):
    assert found == expected, f"{what}: {found!r} instead of {expected!r}"


def at(position, x, y, what):
    same((position.x, position.y), (x, y), what)


def refused(status, call, *args, **kwargs):
    """The call must fail with this status; None: before anything is sent."""
    try:
        answer = call(*args, **kwargs)
    except Leap0Error as error:
        same(error.status_code, status, f"status of `{error}`")
        assert status is None or error.error_message, f"no message: {error.body}"
        assert status != 400 or '"field"' in error.body, f"no field: {error.body}"
        return
    raise AssertionError(f"{args} {kwargs} was accepted: {answer!r}")


def ready(d):
    assert d.wait_until_ready(timeout=30) is None
    same(d.health().ok, True, "ok")
    url = d.desktop_url()
    same(url, f"https://127.0.0.1:{urlsplit(url).port}/", "the address")


def display(d):
    info = d.display_info()
    assert info.display.startswith(":") and info.width and info.height, f"{info}"
    same(d.screen(), info, "screen")
    windows = d.windows()
    assert windows, "a desktop has at least its background as a window"
    for window in windows:
        assert int(window.id, 16) and window.width and window.height, f"{window}"


def resize(d):
    before = d.screen()
    other = (800, 600) if (before.width, before.height) != (800, 600) else (1024, 768)
    try:
        for width, height in [other, (801, 601)]:
            answer = d.resize_screen(width=width, height=height)
            same((answer.width, answer.height), (width, height), "the answer")
            same(d.screen(), answer, "the screen after it")
            same(png_size(d.screenshot()), (width, height), "a picture after it")
    finally:
        d.resize_screen(width=before.width, height=before.height)
    same(d.screen(), before, "the screen after the way back")
    refused(None, d.resize_screen, width=319, height=600)


def screenshots(d):
    whole = d.screen()
    size = (whole.width, whole.height)
    same(png_size(d.screenshot()), size, "the whole screen")
    same(png_size(d.screenshot(x=0, y=0, width=0, height=0)), size, "all zeros")
    for name in ("jpg", "jpeg"):
        same(jpeg_size(d.screenshot(image_format=name)), size, name)
    small, large = (d.screenshot(image_format="jpg", quality=n) for n in (1, 100))
    assert len(small) < len(large), f"quality: {len(small)} and {len(large)} bytes"
    part = d.screenshot(x=whole.width - 10, y=0, width=50, height=20)
    same(png_size(part), (10, 20), "a region over the edge")
    refused(400, d.screenshot, x=whole.width, y=0, width=5, height=5)
    refused(400, d.screenshot, width=5, height=0)
    refused(None, d.screenshot, image_format="gif")
    one = d.screenshot_region(x=5, y=6, width=1, height=1)
    same(png_size(one), (1, 1), "a pixel")
    jpeg = {"x": 10, "y": 20, "width": 120, "height": 45, "image_format": "jpg"}
    same(jpeg_size(d.screenshot_region(**jpeg, quality=80)), (120, 45), "a JPEG")
    part = d.screenshot_region(x=0, y=whole.height - 3, width=8, height=8)
    same(png_size(part), (8, 3), "a region over the edge")
    refused(400, d.screenshot_region, x=0, y=whole.height, width=8, height=8)
    refused(None, d.screenshot_region, x=0, y=0, width=0, height=8)


def pointer(d):
    for x, y in [(0, 0), (123, 45), (300, 200)]:
        at(d.move_pointer(x=x, y=y), x, y, "the answer")
        at(d.pointer_position(), x, y, "the position after it")
    refused(400, d.move_pointer, x=-1, y=0)
    at(d.click(), 300, 200, "a click where the pointer is")
    for button in (1, 2, 3):
        at(d.click(x=310, y=220, button=button), 310, 220, f"button {button}")
        d.press_key(key="Escape")  # closes the menu of the background
    refused(None, d.click, x=1)
    refused(None, d.click, button=4)
    way = {"from_x": 350, "from_y": 300, "to_x": 420, "to_y": 340}
    at(d.drag(**way), 420, 340, "the answer")
    at(d.pointer_position(), 420, 340, "the position after it")
    at(d.drag(**way, button=1), 420, 340, "the left button")
    refused(400, d.drag, **way, button=4)
    d.move_pointer(x=400, y=320)
    for way in ("up", "down", "left", "right"):
        at(d.scroll(direction=way), 400, 320, way)
        at(d.scroll(direction=way, amount=3), 400, 320, way)
    refused(400, d.scroll, direction="forward")
    refused(400, d.scroll, direction="up", amount=101)


def keyboard(d):
    # No line feed: on the background it would open the icon that is selected.
    same(d.type_text(text="Grüße für 5 €"), True, "ok")
    same(d.type_text(text=""), True, "ok of nothing")
    refused(400, d.type_text, text="x" * 50_001)
    for key in ("Escape", "Tab", "Shift_L"):
        same(d.press_key(key=key), True, key)
    refused(400, d.press_key, key="NoSuchKey")
    for keys in (["Shift_L", "Tab"], ["ctrl", "shift"], ["Escape"]):
        same(d.hotkey(keys=keys), True, str(keys))
    refused(400, d.hotkey, keys=[])
    refused(400, d.hotkey, keys=["Shift_L"] * 11)


def recording(d):
    refused(409, d.stop_recording)
    kept = {summary.id for summary in d.recordings()}
    whole = d.screen()
    started = d.start_recording()
    try:
        assert started.id.startswith("rec_") and started.active, f"{started}"
        assert started.started_at and not started.stopped_at, f"{started}"
        same(started.resolution, f"{whole.width}x{whole.height}", "resolution")
        same(started.display, whole.display, "display")
        same(d.recording_status(), started, "the status while it runs")
        refused(409, d.start_recording)
        refused(409, d.delete_recording, started.id)
        time.sleep(1)
    finally:
        stopped = d.stop_recording()
    assert not stopped.active and stopped.stopped_at, f"{stopped}"
    same((stopped.id, stopped.mime_type), (started.id, "video/mp4"), "the recording")
    same(d.recording_status(), stopped, "the status after it")
    same({item.id for item in d.recordings()}, kept | {started.id}, "the list")
    summary = d.get_recording(started.id)
    found = (summary.id, summary.active, summary.download)
    same(found, (started.id, False, stopped.download), "the summary")
    video = d.download_recording(started.id)
    same(len(video), summary.size_bytes, "size_bytes")
    same(video[4:8], b"ftyp", "an MP4 begins with its type")
    assert d.delete_recording(started.id) is None
    for method in (d.get_recording, d.download_recording, d.delete_recording):
        refused(404, method, started.id)
    same({item.id for item in d.recordings()}, kept, "the list after it")


def processes(d):
    found = d.process_status()
    same((found.status, found.running, found.total), ("running", 4, 4), "the sum")
    same([item.name for item in found.items], PROCESSES, "the processes")
    assert all(item.running and item.pid > 0 for item in found.items), f"{found}"
    same([d.get_process(name) for name in PROCESSES], d.process_status().items, "each")
    for name in PROCESSES:
        logs, errors = d.process_logs(name), d.process_errors(name)
        same((logs.process, type(logs.logs)), (name, str), "logs")
        same((errors.process, type(errors.errors)), (name, str), "errors")
    for method in (d.get_process, d.process_logs, d.process_errors, d.restart_process):
        refused(400, method, "sshd")
    before = d.get_process("x11vnc").pid
    answer = d.restart_process("x11vnc")
    same((answer.message, answer.status.name), ("x11vnc restarted", "x11vnc"), "restart")
    d.wait_until_ready(timeout=30)
    after = d.get_process("x11vnc")
    assert after.running and after.pid != before, f"{before} is still {after}"


def stream(d):
    events = d.status_stream(http_timeout=10)
    first = next(events)
    since = time.monotonic()
    second = next(events)
    waited = time.monotonic() - since
    events.close()
    same((first.status, second.status), ("running", "running"), "both events")
    assert waited <= HEARTBEAT, f"the second event came after {waited:.1f} s"


# What is checked together, and the methods that it is the check of.
CHECKS = [
    (ready, "wait_until_ready health desktop_url"),
    (display, "display_info screen windows"),
    (resize, "resize_screen"),
    (screenshots, "screenshot screenshot_region"),
    (pointer, "pointer_position move_pointer click drag scroll"),
    (keyboard, "type_text press_key hotkey"),
    (recording, "recording_status start_recording stop_recording recordings"
     " get_recording download_recording delete_recording"),
    (processes, "process_status get_process process_logs process_errors restart_process"),
    (stream, "status_stream"),
]


def run(d):
    functions = inspect.getmembers(type(d.client), inspect.isfunction)
    left = {name for name, _ in functions if not name.startswith("_")}
    passed = 0
    for check, names in CHECKS:
        names = names.split()
        left.difference_update(names)
        try:
            check(d)
            assert d.called.issuperset(names), f"not called: {set(names) - d.called}"
            passed += len(names)
            outcome = "ok"
        except Exception:
            traceback.print_exc()
            outcome = "FAILED"
        print(*(f"{outcome} {name}" for name in names), sep="\n", flush=True)
    # A method that the SDK has and nothing here checks is a failure too.
    print(*(f"FAILED {name}: it has no check\n" for name in sorted(left)), sep="", end="")
    failed = sum(len(names.split()) for _, names in CHECKS) + len(left) - passed
    print(f"{passed} passed, {failed} failed")
    return failed


def main(url, token):
    address = urlsplit(url)
    with tempfile.TemporaryDirectory() as folder:
        front = TlsFront(address.hostname, address.port or 80, folder)
        # Both are read when the SDK makes its HTTP client, which it does once.
        os.environ["SSL_CERT_FILE"] = front.authority
        os.environ["NO_PROXY"] = os.environ["no_proxy"] = "*"
        domain = DOMAIN.format(port=front.port)
        options = {"base_url": url, "sandbox_domain": domain, "timeout": 60}
        with Leap0Client(api_key=token, sdk_otel_enabled=False, **options) as client:
            return run(Recorded(client._desktop))


if __name__ == "__main__":
    sys.exit(bool(main(*sys.argv[1:])) if len(sys.argv) == 3 else __doc__)
