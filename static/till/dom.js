// Elements without a framework: h() makes one, icon() draws one, verb() is a button.

const SVG = "http://www.w3.org/2000/svg";
const PROPERTIES = new Set(["value", "disabled", "hidden", "checked", "srcObject", "autofocus"]);

export function h(tag, props, ...children) {
  const one = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) set(one, name, value);
  one.append(...children.flat(9).filter((child) => child !== null && child !== undefined && child !== false));
  return one;
}

function set(one, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (typeof value === "function") one.addEventListener(name.slice(2), value);
  else if (PROPERTIES.has(name)) one[name] = value;
  else if (name === "key") one.dataset.key = value;
  else one.setAttribute(name, value === true ? "" : value);
}

export function icon(name, size = 28, height = size) {
  const known = drawn.has(name) ? name : drawn.has(`b-${name}`) ? `b-${name}` : "storefront";
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", `icon i-${name}`);
  svg.setAttribute("width", size);
  svg.setAttribute("height", height);
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#${known}`);
  svg.append(use);
  return svg;
}

// A button: its word, what it does, and {kind, icon, key, off, label, big}.
export function verb(word, act, more = {}) {
  const { kind = "secondary", icon: name, size = 26, key, off = false, label, extra = "", hint, after } = more;
  return h(
    "button",
    {
      type: "button",
      class: `button ${kind} ${extra}`,
      onclick: act,
      key: key ?? `verb ${word}`,
      "aria-disabled": off ? "true" : null,
      "aria-label": label,
    },
    name ? icon(name, size) : null,
    h("span", null, word, hint ? h("small", null, hint) : null),
    after ? icon(after, 22) : null,
  );
}

export const drawn = new Set();

// The three sheets of drawings, put into the page once: afterwards an icon never waits for the network.
export async function loadDrawings() {
  const sheets = ["/static/till/icons.svg", "/static/pictures.svg", "/static/icons.svg"];
  const texts = await Promise.all(sheets.map(async (address) => (await fetch(address)).text()));
  const whole = document.createElementNS(SVG, "svg");
  whole.setAttribute("class", "drawings");
  whole.setAttribute("aria-hidden", "true");
  for (const text of texts) {
    const sheet = new DOMParser().parseFromString(text, "image/svg+xml");
    for (const symbol of sheet.querySelectorAll("symbol")) {
      if (drawn.has(symbol.id)) continue;
      drawn.add(symbol.id);
      whole.append(document.importNode(symbol, true));
    }
  }
  document.body.append(whole);
}
