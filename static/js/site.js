// Small comforts. Every page works without this file.

document.documentElement.classList.add("js");

// Toast: closed by hand when it holds a verb, by itself otherwise.
const toast = document.getElementById("toast");
if (toast && !toast.querySelector("form")) setTimeout(() => toast.remove(), 10_000);

// Day and evening colours: told to the server for next time, shown at once.
const wantsEvening = () =>
  document.documentElement.dataset.theme === "evening" ||
  (!document.documentElement.dataset.theme && matchMedia("(prefers-color-scheme: dark)").matches);

function labelThemeSwitch(button) {
  const isEvening = wantsEvening();
  button.value = isEvening ? "day" : "evening";
  button.querySelector("span").textContent = isEvening ? button.dataset.day : button.dataset.evening;
  const use = button.querySelector("use");
  use.setAttribute("href", use.getAttribute("href").replace(/#.*/, isEvening ? "#b-sun" : "#b-moon"));
}

function switchTheme(button) {
  const form = button.form;
  const body = new URLSearchParams(new FormData(form));
  body.set("choice", button.value);
  fetch(form.action, { method: "POST", body, redirect: "manual", keepalive: true });
  document.documentElement.dataset.theme = button.value;
  document.querySelectorAll("[data-theme-switch]").forEach(labelThemeSwitch);
}

document.querySelectorAll("[data-theme-switch]").forEach(labelThemeSwitch);

// One dialog asks before a verb that cannot be undone; its own page asks when there is no script.
function openDialog(id, event) {
  const dialog = document.getElementById(id);
  if (!(dialog instanceof HTMLDialogElement)) return;
  event.preventDefault();
  dialog.showModal();
}

document.addEventListener("click", (event) => {
  const target = event.target.closest("[data-close], [data-theme-switch], a[data-dialog], [data-copy]");
  if (!target) return;
  if (target.dataset.close) document.getElementById(target.dataset.close)?.remove();
  if (target.dataset.dialog) openDialog(target.dataset.dialog, event);
  if (target.dataset.copy) copy(target);
  if ("themeSwitch" in target.dataset) {
    event.preventDefault();
    switchTheme(target);
  }
});

async function copy(button) {
  const source = document.getElementById(button.dataset.copy);
  await navigator.clipboard.writeText((source.value ?? source.textContent).trim());
  const word = button.querySelector("span");
  if (button.dataset.copied) word.textContent = button.dataset.copied;
}

// A form is sent once: the pressed button says so and refuses a second press.
const sending = document.body.dataset.sending;

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.dialog && document.getElementById(form.dataset.dialog)) return openDialog(form.dataset.dialog, event);
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "yes";
  const button = event.submitter;
  if (button?.classList.contains("button")) setTimeout(() => markSending(button));
});

function markSending(button) {
  button.setAttribute("aria-busy", "true");
  const word = button.querySelector("span");
  if (word) {
    word.dataset.was = word.textContent;
    word.textContent = sending;
  }
}

// Coming back with the browser's arrow: the form may be sent again.
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
  document.querySelectorAll("[aria-busy]").forEach((button) => {
    button.removeAttribute("aria-busy");
    const word = button.querySelector("span[data-was]");
    if (word) word.textContent = word.dataset.was;
  });
});

// After a refusal, the summary of errors is read first; where there is none, the field that is wrong.
(document.getElementById("errors") ?? document.querySelector("[aria-invalid='true']"))?.focus();

// Escape closes the open menu and gives the focus back to its word.
addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && document.querySelector("details.menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});
