// Small comforts on pages that work without them: copying, the live letter, menus that close, one submit at a time.
// Every word shown here comes from the page, so there is nothing to translate.
"use strict";

const all = (selector, root = document) => root.querySelectorAll(selector);

// Copying: the clipboard where the browser allows it, the old command where it does not, and words either way.
const oldCopy = (area) => {
  area.focus();
  area.select();
  try { return document.execCommand("copy"); } catch { return false; }
};

const copy = async (area) => {
  try {
    await navigator.clipboard.writeText(area.value);
    return true;
  } catch { return oldCopy(area); }
};

all("[data-copy]").forEach((box) => {
  const area = box.querySelector("textarea");
  const button = box.querySelector("[data-copy-button]");
  const status = box.querySelector("[data-copy-status]");
  button.hidden = false;
  button.addEventListener("click", async () => {
    const copied = await copy(area);
    status.textContent = "";
    status.classList.toggle("copied", copied);
    status.classList.toggle("not-copied", !copied);
    setTimeout(() => { status.textContent = copied ? status.dataset.copied : status.dataset.notCopied; }, 50);
    if (!copied) { area.focus(); area.select(); }
  });
});

all("[data-preselect]").forEach((area) => area.addEventListener("focus", () => area.select()));

// The letter: what is typed above, then the part nobody can change, in the copy field and in the mail link.
all("form[data-letter]").forEach((form) => {
  const parts = all("[data-letter-part]", form);
  const whole = form.querySelector("textarea[data-fixed]");
  const mail = form.querySelector("[data-letter-mailto]");
  const rebuild = () => {
    const typed = [...parts].map((part) => part.value.trim()).filter(Boolean);
    const text = [...typed, whole.dataset.fixed].join("\n\n");
    whole.value = text;
    if (mail) mail.href = mail.dataset.mailtoPrefix + encodeURIComponent(text.replace(/\r?\n/g, "\r\n"));
  };
  if (whole) form.addEventListener("input", (event) => { if (event.target.matches("[data-letter-part]")) rebuild(); });
});

// A button that needs a tick: blocked, with its reason, until then; pressed meanwhile, it leads to the tick.
all("button[data-tick]").forEach((button) => {
  const tick = document.getElementById(button.dataset.tick);
  const why = document.getElementById(`${tick.id}-first`);
  const weigh = () => {
    why.hidden = tick.checked;
    button.classList.toggle("blocked", !tick.checked);
    if (tick.checked) { button.removeAttribute("aria-disabled"); button.removeAttribute("aria-describedby"); return; }
    button.setAttribute("aria-disabled", "true");
    button.setAttribute("aria-describedby", why.id);
  };
  button.addEventListener("click", (event) => { if (!tick.checked) { event.preventDefault(); tick.focus(); } });
  tick.addEventListener("change", weigh);
  window.addEventListener("pageshow", weigh);  // some browsers tick anew what was ticked before
  weigh();
});

// One submit at a time: the second press within three seconds is dropped, the button keeps its name and value.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method === "dialog" || form.dataset.again !== undefined) return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "yes";
  const button = event.submitter;
  button?.setAttribute("aria-disabled", "true");
  button?.setAttribute("data-busy", "");
  setTimeout(() => {
    delete form.dataset.sent;
    button?.removeAttribute("aria-disabled");
    button?.removeAttribute("data-busy");
  }, 3000);
});

// Menus and rule panels: Escape and a click elsewhere close them, and a panel near the edge opens the other way.
const floating = "details.menu[open], details.rule[open]";

document.addEventListener("click", (event) => {
  all(floating).forEach((open) => { if (!open.contains(event.target)) open.open = false; });
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  all(floating).forEach((open) => {
    const inside = open.contains(document.activeElement);
    open.open = false;
    if (inside) open.querySelector("summary").focus();
  });
});

all("details.rule").forEach((rule) => rule.addEventListener("toggle", () => {
  rule.classList.remove("to-start");
  const panel = rule.querySelector(".rule-panel");
  if (rule.open && panel.getBoundingClientRect().right > document.documentElement.clientWidth - 8) rule.classList.add("to-start");
}));

// A summary of errors asks for the focus itself; older browsers need the push.
document.querySelector(".error-summary[autofocus]")?.focus();
