"""A person without a mouse."""

from playwright.sync_api import Locator, Page

FAR = 160
REMEMBER = """
() => {
  const looks = (one) => ["", "::before", "::after"].map((part) => {
    const style = getComputedStyle(one, part || null);
    return [style.outlineStyle, style.outlineWidth, style.boxShadow, style.borderTopColor,
            style.borderTopWidth, style.backgroundColor].join(" ");
  });
  window.looksOf = (one) => {
    const found = [];
    for (let step = 0; one && step < 4; step += 1, one = one.parentElement) found.push(...looks(one));
    return found.join("|");
  };
  window.unfocused = new Map();
  for (const one of document.querySelectorAll("a, button, input, select, textarea, summary, [tabindex]")) {
    window.unfocused.set(one, window.looksOf(one));
  }
}
"""
FOCUS = """
() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const box = one.getBoundingClientRect();
  const inside = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  return {
    what: one.outerHTML.slice(0, 100),
    marked: window.looksOf(one) !== window.unfocused.get(one),
    seen: box.width > 0 && inside,
  };
}
"""


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until `wanted` has the focus."""
    for _ in range(FAR):
        if wanted.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard never reaches {wanted}")


def press(page: Page, wanted: Locator, key: str = "Enter") -> None:
    """Reach `wanted` and press it."""
    tab_to(page, wanted)
    page.keyboard.press(key)


def write(page: Page, name: str, text: str) -> None:
    """Reach the field called `name` and type into it."""
    tab_to(page, page.locator(f"[name='{name}']").first)
    page.keyboard.type(text)


def focus_problems(page: Page, steps: int) -> list[str]:
    """What gets the focus without any visible mark, or out of sight, in the first `steps` presses of Tab."""
    page.evaluate(REMEMBER)
    problems: list[str] = []
    for _ in range(steps):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS)
        if focus is None:
            break
        if not (focus["marked"] and focus["seen"]):
            problems.append(f"marked {focus['marked']}, seen {focus['seen']}: {focus['what']}")
    return problems
