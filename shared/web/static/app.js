// Small comforts on pages that work without them: copying, the live letter, one press at a time, nothing typed lost
// unasked, menus that close.
// Every word shown here comes from the page, so there is nothing to translate.
"use strict";

const all = (selector, root = document) => root.querySelectorAll(selector);

// Copying: the clipboard where the browser allows it, the old command where it does not, and words either way.
const oldCopy = (area) => {
  const button = document.activeElement;
  area.focus();
  area.select();
  try { return document.execCommand("copy"); } catch { return false; } finally { button.focus(); }
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

// One press at a time: the same button's second press within three seconds is dropped, another button's is not.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method === "dialog" || form.dataset.again !== undefined) return;
  const pressed = event.submitter ?? form;
  if (pressed.dataset.busy !== undefined) { event.preventDefault(); return; }
  pressed.dataset.busy = "";
  pressed.setAttribute("aria-disabled", "true");
  setTimeout(() => {
    delete pressed.dataset.busy;
    pressed.removeAttribute("aria-disabled");
  }, 3000);
});

// Typed and not sent: whatever else leads away, another language too, asks first; the form's own buttons do not.
// What counts is what stands there: also when the browser filled it in anew on the way back, or it was taken back.
const differs = (field) => {
  if (field.matches("select")) return field.selectedIndex !== Math.max(0, [...field.options].findIndex((one) => one.defaultSelected));
  if (field.matches("[type=checkbox], [type=radio]")) return field.checked !== field.defaultChecked;
  return field.matches("input, textarea:not([readonly])") && field.value !== field.defaultValue;
};

const sent = new Set();

const unsaved = () => [...all("form[data-keep]")].some((form) =>
  !sent.has(form) && (form.dataset.keep === "typed" || [...form.elements].some(differs)));

const passing = (form) => {
  sent.add(form);
  setTimeout(() => sent.delete(form), 3000); // still there after a download
};

document.addEventListener("submit", (event) => passing(event.target));

document.addEventListener("click", (event) => {
  const link = event.target.closest("form[data-keep] a.button");
  if (link) passing(link.closest("form"));
});

window.addEventListener("beforeunload", (event) => {
  if (navigator.userActivation?.hasBeenActive === false || !unsaved()) return; // nobody touched it, nobody is asked
  event.preventDefault();
  event.returnValue = ""; // older browsers
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
