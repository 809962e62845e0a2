"""A real headless Chromium, driven over its DevTools protocol: just what the trainer's tests need."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import websocket

#: Where the browser is; ``None``: not installed.
CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
)
_FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--no-first-run",
    "--remote-debugging-port=0",
)


class Browser:
    """One page of one browser; what it complains about is kept in ``complaints``, what it asks for in ``fetched``."""

    def __init__(self, address: str) -> None:
        self._socket = websocket.create_connection(address, timeout=60, suppress_origin=True)
        self._number = 0
        self.complaints: list[str] = []
        self.fetched: list[str] = []
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **parameters: object) -> dict[str, Any]:
        """Send one command and return its result; what the page says meanwhile is kept."""
        self._number += 1
        self._socket.send(json.dumps({"id": self._number, "method": method, "params": parameters}))
        while True:
            said = json.loads(self._socket.recv())
            if said.get("id") == self._number:
                assert "error" not in said, said
                result: dict[str, Any] = said["result"]
                return result
            self._hear(said.get("method"), said.get("params", {}))

    def _hear(self, method: str | None, told: dict[str, Any]) -> None:
        if method == "Runtime.exceptionThrown":
            self.complaints.append(str(told["exceptionDetails"]))
        elif method == "Runtime.consoleAPICalled" and told["type"] in {"error", "warning", "assert"}:
            self.complaints.append(str(told["args"]))
        elif method == "Log.entryAdded" and told["entry"]["level"] in {"error", "warning"}:
            self.complaints.append(str(told["entry"]))
        elif method == "Network.requestWillBeSent":
            self.fetched.append(told["request"]["url"])

    def open(self, path: Path, address: str = "") -> None:
        """Open a file at an address inside it, and wait until its script has run."""
        self.call("Page.navigate", url="about:blank")
        self.call("Page.navigate", url=f"{path.as_uri()}{address}")
        self.wait_for("document.readyState === 'complete' && document.querySelector('#view').children.length > 0")

    def run(self, script: str) -> Any:
        """Return what an expression is worth in the page; a promise is waited for."""
        answer = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def wait_for(self, script: str, seconds: float = 20) -> None:
        """Wait until an expression is true in the page."""
        until = time.monotonic() + seconds
        while not self.run(f"Boolean({script})"):
            assert time.monotonic() < until, f"never true: {script}"
            time.sleep(0.02)

    def click(self, selector: str) -> None:
        """Click what a selector finds, in the middle, as a mouse does."""
        where = self.run(
            f"(() => {{ const found = document.querySelector({json.dumps(selector)});"
            "found.scrollIntoView({block: 'center'}); const box = found.getBoundingClientRect();"
            "return [box.left + box.width / 2, box.top + box.height / 2]; })()"
        )
        place = {"x": where[0], "y": where[1], "button": "left", "clickCount": 1}
        self.call("Input.dispatchMouseEvent", type="mousePressed", **place)
        self.call("Input.dispatchMouseEvent", type="mouseReleased", **place)

    def press(self, key: str) -> None:
        """Press a key as a keyboard does."""
        text = {"text": key} if len(key) == 1 else {"text": "\r"} if key == "Enter" else {}
        self.call("Input.dispatchKeyEvent", type="keyDown", key=key, **text)
        self.call("Input.dispatchKeyEvent", type="keyUp", key=key)

    def resize(self, width: int, height: int, *, phone: bool = False) -> None:
        """Make the page so many CSS pixels wide and high."""
        scale = 2 if phone else 1
        self.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=scale, mobile=phone
        )

    def screenshot(self, *, whole: bool = False) -> bytes:
        """Return what is seen as PNG; with ``whole`` all of the page."""
        shot = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        return base64.b64decode(shot["data"])

    def pdf(self) -> bytes:
        """Return the page as it is printed."""
        return base64.b64decode(self.call("Page.printToPDF", preferCSSPageSize=True)["data"])

    def close(self) -> None:
        """Hang up."""
        self._socket.close()


@contextmanager
def chromium(profile: Path) -> Iterator[Browser]:
    """Start a headless Chromium with a new profile in ``profile``, and end it again."""
    command = [str(CHROMIUM), *_FLAGS, f"--user-data-dir={profile}", "about:blank"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            browser = Browser(_address(profile / "DevToolsActivePort"))
            yield browser
            browser.close()
        finally:
            process.terminate()


def _address(written: Path) -> str:
    """Return where the browser's page listens; the browser writes its port down once it is up."""
    until = time.monotonic() + 60
    while not (written.exists() and written.read_text(encoding="utf-8").count("\n")):
        assert time.monotonic() < until, "Chromium did not start"
        time.sleep(0.05)
    port = int(written.read_text(encoding="utf-8").splitlines()[0])
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", "/json/list")
    pages = json.load(connection.getresponse())
    connection.close()
    return str(next(page["webSocketDebuggerUrl"] for page in pages if page["type"] == "page"))
