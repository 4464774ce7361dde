// Keys. A page says which of its links and buttons has one (`data-key`, in the rail `data-go`), so that every key has
// something to see and press. A letter only ever opens, moves or puts the focus somewhere: it never does an act. While
// somebody types, or an input method composes (Telex, VNI), letters are letters.
const list = document.getElementById("phim-tat");
const ROWS = ".entries .subject a";
let going = 0; // until when a letter after `g` leads to a list
let at = null;

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229) return;
  const chord = event.ctrlKey || event.metaKey;
  if (chord && !event.altKey && event.key === "Enter") return submit(event);
  if (chord && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") return search(event);
  if (event.key === "Escape") return escape(event);
  if (chord || event.altKey || event.repeat && !"jk".includes(event.key) || typing(event.target) || off()) return;
  if (document.querySelector("dialog[open]")) return;
  letter(event);
});

function typing(target) {
  return target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
}

function off() {
  return document.cookie.split("; ").includes("keys=off");
}

function letter(event) {
  const { key } = event;
  if (event.timeStamp < going) return (going = 0), press(event, `.rail [data-go="${CSS.escape(key)}"]`);
  if (key === "/") search(event);
  else if (key === "?") help(event);
  else if (key === "g" && document.querySelector("[data-go]")) going = event.timeStamp + 2000;
  else if (key === "j" || key === "k") row(event, key === "j" ? 1 : -1);
  else if (key === "x") pick(event);
  else if (key === "o") press(event, ROWS, current());
  else if (/^[a-z]$/.test(key)) press(event, `main [data-key="${key}"]`);
}

// Links and folded parts open; a button that would do something is only made ready for Enter.
function press(event, selector, chosen) {
  const one = chosen ?? document.querySelector(selector);
  if (!one) return;
  event.preventDefault();
  const folded = one.closest("details:not([open])");
  if (folded && one.tagName !== "SUMMARY") folded.open = true;
  one.focus();
  if (one.matches("a, summary")) one.click();
}

function search(event) {
  const box = document.getElementById("tim");
  if (!box) return;
  event.preventDefault();
  box.focus();
  box.select();
}

function row(event, step) {
  const rows = [...document.querySelectorAll(ROWS)];
  if (!rows.length) return;
  event.preventDefault();
  const now = rows.indexOf(current());
  at = rows[Math.max(0, Math.min(rows.length - 1, now + step))];
  at.focus();
}

function current() {
  return document.activeElement.closest(".entries tr")?.querySelector(".subject a") ?? at;
}

function pick(event) {
  const box = current()?.closest("tr").querySelector(".pick input");
  if (!box) return;
  event.preventDefault();
  box.click();
}

function submit(event) {
  const form = event.target.closest("form");
  const button = form?.querySelector("button.primary:not([type=button])") ?? form?.querySelector("button:not([type=button], [formnovalidate], .unseen)");
  if (!button || form.getAttribute("role") === "search") return;
  event.preventDefault();
  form.requestSubmit(button);
}

function escape(event) {
  if (event.target.id === "tim") event.target.blur();
  else for (const box of document.querySelectorAll(".pick input:checked")) box.click();
}

// ------------------------------------------------------------ the list of keys

function help(event) {
  event?.preventDefault();
  for (const line of list.querySelectorAll("[data-when]")) line.hidden = !document.querySelector(line.dataset.when);
  list.querySelector("[data-lists]").replaceChildren(list.querySelector("[data-lists]").firstChild, ...lists());
  list.querySelector("input").checked = !off();
  list.showModal();
}

function lists() {
  return [...document.querySelectorAll(".rail [data-go]")].map((line) => {
    const shown = document.createElement("span");
    const letter = shown.appendChild(document.createElement("kbd"));
    letter.textContent = line.dataset.go;
    shown.append(" ", line.querySelector(".label").textContent);
    return shown;
  });
}

if (list) {
  for (const opener of document.querySelectorAll("[data-keys]")) {
    opener.hidden = false;
    opener.addEventListener("click", () => help());
  }
  list.querySelector("input").addEventListener("change", ({ target }) => {
    document.cookie = `keys=${target.checked ? "on" : "off"}; path=/; max-age=31536000; samesite=lax`;
  });
}
