// What is typed and not sent stays in this tab until it is sent, whatever happens to the network or the session: it is
// offered again to the same person, in the same field of the same form. Never a password; logging out clears it. Where
// the server has kept it, too, its page shows it and says so, and there is nothing more to offer or to say.
const who = document.body.dataset.person;
const TYPED = "textarea[name], input[name]:is(:not([type]), [type=text], [type=date])";
const SENT = "typed-sent";

if (who) begin();
else sessionStorage.removeItem(SENT); // the door: what was on its way did not arrive

function begin() {
  forgetOthers();
  if (!document.querySelector(".failing, [role=alert]")) arrived();
  sessionStorage.removeItem(SENT); // what was refused stays
  const offered = [...document.querySelectorAll(`main form[method=post] :is(${TYPED})`)].filter(offer);
  new Set(offered.map((field) => field.form)).forEach(tell);
  document.addEventListener("input", ({ target }) => target.matches?.(TYPED) && target.form?.method === "post" && keep(target));
  document.addEventListener("submit", ({ target }) => leave(target));
  addEventListener("online", () => document.querySelectorAll("form[hx-post] textarea").forEach(again));
}

// A form is the same wherever it stands, also on the page that refuses it. Several of one page may have a field of the
// same name: what their buttons do tells them apart.
function name(field) {
  const { form } = field;
  const does = [...form.querySelectorAll("button[name=act]")].map((one) => one.value).join();
  return `typed ${who} ${new URL(form.action).pathname} ${does} ${field.name}`;
}

function kept(field) {
  return JSON.parse(sessionStorage.getItem(name(field)) ?? "[[]]");
}

// With what the field said before, each time that the typing went on.
function keep(field) {
  const befores = new Set(kept(field)[0]).add(field.defaultValue);
  sessionStorage.setItem(name(field), JSON.stringify([[...befores], field.value]));
}

// Only where the page still says what it said when the typing began: what somebody has saved since is not overwritten.
function offer(field) {
  const [befores, value] = kept(field);
  if (value === undefined || value === field.value || !befores.includes(field.value)) return false;
  field.value = value;
  field.closest("details")?.setAttribute("open", "");
  return true;
}

function tell(form) {
  if (!form.querySelector("[data-typed]")) form.prepend(document.querySelector("[data-typed-words]").content.cloneNode(true));
}

function leave(form) {
  if (form.matches("[data-leaves]")) return sessionStorage.clear();
  const going = [...form.elements].filter((field) => field.matches(TYPED)).map(name);
  if (form.method === "post") sessionStorage.setItem(SENT, JSON.stringify(going));
}

function arrived() {
  for (const one of JSON.parse(sessionStorage.getItem(SENT) ?? "[]")) sessionStorage.removeItem(one);
}

function forgetOthers() {
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith("typed ") && !key.startsWith(`typed ${who} `)) sessionStorage.removeItem(key);
  }
}

function again(field) {
  if (field.value !== field.defaultValue) field.dispatchEvent(new Event("change", { bubbles: true }));
}
