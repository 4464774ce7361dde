// Small comforts; everything works without them.
if (document.body.dataset.person) navigator.serviceWorker?.register("/sw.js"); // the shell, kept for bad networks

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") closeMenus(null);
});

document.addEventListener("click", (event) => closeMenus(event.target));
document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-print]")) print();
  const quick = target.closest("[data-fill]");
  if (quick) fill(quick.form.elements[quick.dataset.fill], quick.dataset.value);
});

// A button that fills a field of its form says what a long list would.
function fill(field, value) {
  field.value = value;
  field.dispatchEvent(new Event("change", { bubbles: true }));
  for (const one of field.form.querySelectorAll(`[data-fill="${field.name}"]`)) one.setAttribute("aria-pressed", one.dataset.value === value);
}
for (const one of document.querySelectorAll("form.dialog .scripted")) one.hidden = false;

// A phrase goes where the pen is, and the pen stays there; without script the server puts it at the end.
function insert(form) {
  const [choice, field] = [form.querySelector("[data-phrases]"), form.querySelector("textarea")];
  if (!choice.value) return choice.focus();
  const [from, to] = [field.selectionStart, field.selectionEnd];
  const gap = from && !/\s$/.test(field.value.slice(0, from)) ? " " : "";
  field.setRangeText(gap + choice.value, from, to, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
}
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-insert]");
  if (!button) return;
  event.preventDefault();
  insert(button.form);
});
document.addEventListener("keydown", (event) => {
  const choice = event.target.form?.querySelector("[data-phrases]");
  if (!choice || event.isComposing) return;
  if (event.altKey && event.code === "KeyM") choice.focus();
  else if (event.key === "Enter" && event.target === choice) insert(choice.form);
  else return;
  event.preventDefault();
});

function closeMenus(target) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!target || !menu.contains(target)) menu.open = false;
  }
}

// Which headings of the rail are open is kept, so that the next page is drawn the same.
for (const part of document.querySelectorAll("details[data-section]")) {
  part.addEventListener("toggle", () => {
    const open = [...document.querySelectorAll("details[data-section][open]")].map((one) => one.dataset.section);
    document.cookie = `rail=${open.join(".")}; path=/; max-age=31536000; samesite=lax`;
  });
}

// A form is sent once: the second click of an impatient hand does nothing.
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented) return;
  if (event.target.dataset.sent) event.preventDefault();
  else event.target.dataset.sent = "yes";
});
addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});
