"""Which tills may hear this reader, and the code that brings in a new one: one file, this user's alone."""

import hmac
import json
import os
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Final

from kit import clock
from pos_api.reader.words import CODE_DIGITS, Hello, LineRefused

GOOD_FOR: Final = timedelta(minutes=10)
TRIES: Final = 5
"""Wrong codes before the code is void: another page of the same browser could be guessing."""
MOST_TILLS: Final = 8


@dataclass(frozen=True)
class PairedTill:
    """A till's page: where it comes from, and the digest of its token."""

    origin: str
    digest: str


@dataclass(frozen=True)
class Code:
    """Six digits that pair one till, until a moment (RFC 3339)."""

    digits: str
    until: str
    left: int = TRIES

    @property
    def is_good(self) -> bool:
        """Whether it is neither over nor worn out."""
        return self.left > 0 and clock.now() < datetime.fromisoformat(self.until)


@dataclass(frozen=True)
class Kept:
    """What the file holds."""

    tills: tuple[PairedTill, ...] = ()
    code: Code | None = None


@dataclass
class Pairings:
    """The file, read again at each question: `hameau reader --pair` may write beside a running bridge.

    `origins`, when there are any, are the only pages that may speak at all.
    """

    path: Path
    origins: Sequence[str] = field(default=())

    def admit(self, origin: str, hello: Hello) -> str:
        """A new token when a code was right, else nothing.

        Raises LineRefused `origin_refused`, `unknown_till`, `wrong_code`.
        """
        if self.origins and origin not in self.origins:
            raise LineRefused("origin_refused")
        if hello.code:
            return self._pair(origin, hello.code)
        self._recognise(origin, hello.token)
        return ""

    def new_code(self) -> str:
        """Six digits; the ones before are void."""
        digits = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
        self._keep(replace(self.kept(), code=Code(digits, (clock.now() + GOOD_FOR).isoformat())))
        return digits

    def forget(self) -> None:
        """No till may hear this reader any more."""
        self.path.unlink(missing_ok=True)

    def kept(self) -> Kept:
        """What the file says; a file that cannot be read says nothing, so that nobody comes in by it."""
        try:
            said = json.loads(self.path.read_text("utf-8"))
            tills = tuple(PairedTill(**till) for till in said["tills"])
            return Kept(tills, Code(**said["code"]) if said["code"] else None)
        except (OSError, ValueError, TypeError, KeyError):
            return Kept()

    def _recognise(self, origin: str, token: str) -> None:
        digest = _digest(token)
        known = [till for till in self.kept().tills if hmac.compare_digest(till.digest, digest)]
        if not known:
            raise LineRefused("unknown_till")
        if all(till.origin != origin for till in known):
            raise LineRefused("origin_refused")

    def _pair(self, origin: str, digits: str) -> str:
        kept = self.kept()
        code = kept.code
        if code is None or not code.is_good:
            raise LineRefused("wrong_code")
        if not hmac.compare_digest(code.digits, digits):
            self._keep(replace(kept, code=replace(code, left=code.left - 1)))
            raise LineRefused("wrong_code")
        token = secrets.token_urlsafe(32)
        tills = (*kept.tills, PairedTill(origin, _digest(token)))[-MOST_TILLS:]
        self._keep(Kept(tills))
        return token

    def _keep(self, kept: Kept) -> None:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside = self.path.with_suffix(f".{os.getpid()}")
        with open(beside, "w", encoding="utf-8", opener=_for_me_alone) as file:
            json.dump(asdict(kept), file)
        beside.replace(self.path)


def usual_path() -> Path:
    """Where this user's programs keep their settings (XDG Base Directory)."""
    base = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(base) / "hameau" / "reader.json"


def _for_me_alone(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_TRUNC, 0o600)


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()
