"""`hameau reader` as a process: it starts without the node, says what it does, and ends cleanly."""

import json
import signal
import subprocess
import sys
from pathlib import Path

from tests.machine import ROOT
from tests.pos_api.reader.processes import Bridge, HeldCard

CARD = "04A1B2C3D4E581"
LOADED = """
import sys
sys.argv = ["hameau", "reader", "--help"]
try:
    from node.__main__ import main
    main()
finally:
    heavy = {"sqlalchemy", "starlette", "jinja2", "node.cli", "node.app", "nfc"} & set(sys.modules)
    print("HEAVY", sorted(heavy))
"""


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )


def test_it_starts_without_the_node() -> None:
    shown = run("-c", LOADED)
    assert "Example: hameau reader" in shown.stdout
    assert "HEAVY []" in shown.stdout


def test_it_tells_of_cards_without_their_number_and_ends_cleanly(tmp_path: Path) -> None:
    bridge = Bridge(tmp_path)
    code = bridge.until("code")["code"]
    bridge.until("reader", state="ready")
    with HeldCard(bridge, CARD):
        bridge.until("card", heard=False)
    # A second one on the same port only makes a new code, which the first one takes.
    beside = (
        "--device",
        "udp:127.0.0.1:1",
        "--keep",
        str(tmp_path / "reader.json"),
        "--port",
        str(bridge.port),
    )
    asked = run("-m", "node", "reader", *beside, "--pair", "--json")
    told = [json.loads(line) for line in asked.stdout.splitlines()]
    assert [one["event"] for one in told] == ["code", "running"]
    assert asked.returncode == 0
    assert told[0]["code"] in (tmp_path / "reader.json").read_text("utf-8")
    taken = run("-m", "node", "reader", *beside)
    assert (taken.returncode, taken.stdout) == (1, "")
    assert "is taken" in taken.stderr
    assert bridge.stop(signal.SIGTERM) == (0, "")
    assert CARD not in str(bridge.said)
    assert code != told[0]["code"] or len(code) == 6


def test_a_wrong_device_is_one_sentence(tmp_path: Path) -> None:
    said = run("-m", "node", "reader", "--device", "udp:192.0.2.1:1", "--keep", str(tmp_path / "r.json"))
    assert (said.returncode, said.stdout) == (1, "")
    assert said.stderr.startswith("A device is usb")
    assert run("-m", "node", "reader", "--port", "70000").returncode == 2
