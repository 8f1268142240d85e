"""What a browser complains about while it shows a page."""

from playwright.sync_api import ConsoleMessage, Error, Page, Response

from node.demo.village import DemoNode

REPORT = "content policy report"
BREACHED = 2
"""The node of the village that one test makes complain on purpose."""
LISTEN = """
document.addEventListener("securitypolicyviolation", (event) => console.error(
    "content policy: " + event.violatedDirective + " stopped " + event.blockedURI + " " + event.sample));
"""


def log_of(node: DemoNode) -> str:
    """Everything this node's process wrote."""
    return node.log.read_text(encoding="utf-8", errors="replace")


class Watch:
    """Everything one page complained about: console errors, script errors, policy reports, failing files."""

    def __init__(self, page: Page) -> None:
        self.troubles: list[str] = []
        self.expected = {200, 204, 302, 303, 304}
        page.add_init_script(LISTEN)
        page.on("console", self._on_console)
        page.on("pageerror", self._on_error)
        page.on("response", self._on_response)

    def _on_console(self, message: ConsoleMessage) -> None:
        is_answer = message.text.startswith(
            "Failed to load resource"
        )  # told with its address by _on_response
        if message.type in {"error", "warning"} and not is_answer:
            self.troubles.append(f"console: {message.text}")

    def _on_error(self, error: Error) -> None:
        self.troubles.append(f"script: {error}")

    def _on_response(self, response: Response) -> None:
        if response.status not in self.expected:
            self.troubles.append(f"{response.status} at {response.url}")
