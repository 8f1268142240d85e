"""`hameau reader`: what a volunteer types on a till's machine, and what the terminal says."""

import asyncio
import json
import sys
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from pos_api.reader import troubles, words
from pos_api.reader.pairing import Pairings, usual_path
from pos_api.reader.troubles import CannotStart

EXAMPLE: Final = "Example: hameau reader, then type its code at the till: More → Card readers."
SENTENCES: Final = {
    "ready": "The reader is ready: {reader}.",
    "till_on": "The till of {origin} listens.",
    "till_off": "The till of {origin} left.",
    "paired": "Paired with {origin}.",
    "heard": "A card.",
    "unheard": "A card, but no till listens.",
    "refused": "I refused a page ({name}){from_it}.",
    "listening": "I listen on 127.0.0.1:{port}. Ctrl-C ends.",
}
Device = Annotated[
    str, typer.Option(help="usb, usb:072f:2200, tty:USB0:pn532, udp:127.0.0.1:54321 (to try).")
]
Port = Annotated[
    int, typer.Option(min=0, max=65535, help="Where the till's page looks for me; 0: any free one.")
]
Origins = Annotated[
    list[str] | None,
    typer.Option("--origin", help="Only pages of this address, as https://bar.example; may be repeated."),
]
Pair = Annotated[bool, typer.Option("--pair", help="A new code for one more till, good for ten minutes.")]
Forget = Annotated[bool, typer.Option("--forget", help="No till may hear this reader any more; then end.")]
Listed = Annotated[bool, typer.Option("--list", help="Show the readers that are plugged in, and end.")]
Udev = Annotated[bool, typer.Option("--udev", help="Print the rules by which Linux allows readers, and end.")]
KeptIn = Annotated[Path | None, typer.Option("--keep", help="The file of paired tills.", show_default=False)]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON value for each line, for scripts.")]


def reader(
    *, device: Device = "usb", port: Port = words.PORT, origin: Origins = None, pair: Pair = False,
    forget: Forget = False, listed: Listed = False, udev: Udev = False, keep: KeptIn = None,
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """Lend a USB card reader of this machine to the till that is open in its browser. No node is needed."""
    say = Terminal(as_json=as_json)
    pairings = Pairings(keep or usual_path(), [one.lower().rstrip("/") for one in origin or ()])
    try:
        if udev:
            _print_rules()
        elif listed:
            _list(say)
        elif forget:
            pairings.forget()
            say.line("forgotten", "No till may hear this reader any more.")
        else:
            _run(device, port, pairings, say, is_asked=pair)
    except CannotStart as trouble:
        say.trouble(trouble)
        raise typer.Exit(1) from None


class Terminal:
    """Sentences for eyes, or one JSON value a line. Never a card's number."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json

    def line(self, event: str, sentence: str, /, **said: Any) -> None:
        """One event."""
        told = json.dumps({"event": event, **said}, ensure_ascii=False)
        print(told if self.as_json else sentence, flush=True)  # noqa: T201 - typer.echo does not flush a pipe at once

    def trouble(self, trouble: CannotStart) -> None:
        """Why the command ends."""
        if self.as_json:
            self.line("refused", "", name=trouble.name, sentence=trouble.sentence)
        else:
            typer.echo(trouble.sentence, err=True)

    def code(self, digits: str, port: int) -> None:
        """What a volunteer types at the till: six digits, and the port when it is not the usual one."""
        shown = f"{digits[:3]} {digits[3:]}" + ("" if port == words.PORT else f" / {port}")
        self.line("code", f"Code for the till, good for ten minutes: {shown}", code=digits, typed=shown)
        if not self.as_json:
            typer.echo("At the till: More → Card readers → Reader plugged into this computer.")
            typer.echo("À la caisse : Plus → Lecteurs de cartes → Lecteur branché à cet ordinateur.")

    def note(self, event: str, /, **said: Any) -> None:
        """An event of the bridge."""
        self.line(
            event, self._sentence(event, said), **{name: one for name, one in said.items() if one != ""}
        )

    def _sentence(self, event: str, said: dict[str, Any]) -> str:
        if event == "reader":
            return said["sentence"] or SENTENCES["ready"].format(**said)
        if event == "refused":
            said = {**said, "from_it": f" of {said['origin']}" if said.get("origin") else ""}
        names = {"till": ("till_off", "till_on")[bool(said.get("connected"))],
                 "card": ("unheard", "heard")[bool(said.get("heard"))]}  # fmt: skip
        return SENTENCES[names.get(event, event)].format(**said)


def _list(say: Terminal) -> None:
    from pos_api.reader.devices import list_readers

    found = list_readers()
    for one in found:
        say.line(
            "reader",
            f"{one.device}  {one.name}  {one.state}",
            device=one.device,
            name=one.name,
            state=one.state,
        )
    for name, sentence in (("not_allowed", troubles.NOT_ALLOWED), ("busy", troubles.BUSY)):
        if not say.as_json and any(one.state == name for one in found):
            typer.echo(sentence)
    if not found and not say.as_json:
        typer.echo(troubles.NO_READER)


def _print_rules() -> None:
    from pos_api.reader.devices import udev_rules

    typer.echo("\n".join(udev_rules()))


def _run(device: str, port: int, pairings: Pairings, say: Terminal, *, is_asked: bool) -> None:
    """`is_asked`: a code was asked for; else one is made only while no till is paired."""
    from pos_api.reader.devices import check_device

    check_device(device)
    try:
        from pos_api.reader.bridge import Plan, run_bridge
    except ImportError as error:
        raise CannotStart("not_installed", troubles.NOT_INSTALLED) from error

    def note(event: str, /, **said: Any) -> None:
        say.note(event, **said)
        if event == "listening" and (is_asked or not pairings.kept().tills):
            say.code(pairings.new_code(), said["port"])

    try:
        asyncio.run(run_bridge(Plan(device, port, pairings, note)))
    except CannotStart as trouble:
        if not (trouble.name == "port_taken" and is_asked):
            raise
        say.code(pairings.new_code(), port)
        say.line("running", "The bridge that is running already takes this code.")


def register(cli: typer.Typer) -> None:
    """Add the word to the command line of the house."""
    cli.command("reader", epilog=EXAMPLE)(reader)


def main() -> None:
    """The word alone, without loading the node: a till's machine has none."""
    alone = typer.Typer(pretty_exceptions_enable=False, add_completion=False)
    alone.callback()(lambda: None)
    register(alone)
    sys.exit(alone(prog_name="hameau"))
