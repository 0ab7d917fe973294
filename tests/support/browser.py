"""Opens pages in a headless Chromium."""

import re
import shutil
import subprocess
import tempfile
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome")


def find() -> str | None:
    return next((path for path in map(shutil.which, NAMES) if path), None)


def _run(*arguments) -> subprocess.CompletedProcess:
    with tempfile.TemporaryDirectory() as profile:
        command = [find(), "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run",
                   "--enable-logging=stderr", f"--user-data-dir={profile}", *arguments]  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return done


def complaints(done) -> list:
    """What the page wrote to the console: its errors, and everything that it tried to load."""
    return re.findall(r":CONSOLE[^\n]*", done.stderr)


def document(page: Path, address: str = "", script: str = "") -> tuple:
    """The page's HTML after its scripts have run, and what they wrote to the console.

    `script` runs behind the page's own.
    """
    if script:
        with_script = page.with_name(f"{page.stem}.tried.html")
        with_script.write_text(page.read_text().replace("</body>", f"<script>{script}</script></body>"))
        page = with_script
    done = _run("--dump-dom", "--window-size=1400,900", page.resolve().as_uri() + address)
    return done.stdout, complaints(done)


def ready_after(html: str) -> float:
    """Seconds from the start of loading until the page had drawn itself, as it measured them."""
    return int(re.search(r'data-ready="(\d+)"', html).group(1)) / 1000


def screenshot(page: Path, picture: Path, address: str = "", size: str = "1600,1000") -> list:
    done = _run(f"--screenshot={picture.resolve()}", f"--window-size={size}", page.resolve().as_uri() + address)
    return complaints(done)
