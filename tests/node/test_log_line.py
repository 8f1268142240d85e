"""The line that each answer leaves in the log."""

import pytest
import structlog
from starlette.testclient import TestClient


@pytest.mark.parametrize("path", ["/sign-in/link/only-for-me", "/sign-in/demo/only-for-me", "/r/only-for-me"])
def test_an_address_that_opens_something_is_not_in_the_log(client: TestClient, path: str) -> None:
    with structlog.testing.capture_logs() as lines:
        client.get(path)
    answered = [line for line in lines if line["event"] == "answered"]
    assert [line["path"] for line in answered] == [path.replace("only-for-me", "•••")]
    assert "only-for-me" not in str(lines)
