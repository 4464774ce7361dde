// What is typed and not sent stays in this tab until it is sent, whatever happens to the network or the session: it is
// offered again to the same person, in the same field of the same form. Never a password; logging out clears it. Where
// the server has kept it, too, its page shows it and says so, and there is nothing more to offer or to say. What is
// chosen and ticked beside words belongs to them; in a form without words it is an act of the moment, and is not kept.
const who = document.body.dataset.person;
const WORDS = "textarea[name], input[name]:is(:not([type]), [type=text], [type=date])";
const CHOSEN = "select[name]:not([multiple]), input[name]:is([type=radio], [type=checkbox])";
const SENT = "typed-sent";

if (who) begin();
else sessionStorage.removeItem(SENT); // the door: what was on its way did not arrive

function begin() {
  forgetOthers();
  if (!document.querySelector(".failing, [role=alert]")) arrived();
  sessionStorage.removeItem(SENT); // what was refused stays
  const offered = [...document.querySelectorAll("main form[method=post]")].flatMap(fields).filter(offer);
  new Set(offered.map((field) => field.form)).forEach(tell);
  document.addEventListener("input", ({ target }) => target.form?.method === "post" && fields(target.form).includes(target) && keep(target));
  document.addEventListener("submit", ({ target }) => leave(target));
  addEventListener("online", () => document.querySelectorAll("form[hx-post] textarea").forEach(again));
}

// What is kept of a form.
function fields(form) {
  const all = [...form.elements];
  return all.some((one) => one.matches(WORDS)) ? all.filter((one) => one.matches(`${WORDS}, ${CHOSEN}`)) : [];
}

// A form is the same wherever it stands, also on the page that refuses it. Several of one page may have a field of the
// same name: what their buttons do tells them apart.
function name(field) {
  const { form } = field;
  const does = [...form.querySelectorAll("button[name=act]")].map((one) => one.value).join();
  const which = field.type === "checkbox" ? ` ${field.value}` : "";
  return `typed ${who} ${new URL(form.action).pathname} ${does} ${field.name}${which}`;
}

// What a field says, and what it said when the page came. Any of several radio buttons speaks for all of them.
function said(field) {
  if (field.type === "checkbox") return field.checked;
  return field.type === "radio" ? (together(field).find((one) => one.checked)?.value ?? null) : field.value;
}

function before(field) {
  if (field.type === "checkbox") return field.defaultChecked;
  if (field.type === "radio") return together(field).find((one) => one.defaultChecked)?.value ?? null;
  if (!field.options) return field.defaultValue;
  return ([...field.options].find((one) => one.defaultSelected) ?? field.options[0])?.value;
}

// A choice that is offered no more is let go.
function say(field, value) {
  const choices = field.type === "radio" ? together(field) : field.options;
  if (field.type === "checkbox") field.checked = value;
  else if (!choices) field.value = value;
  else Object.assign([...choices].find((one) => one.value === value) ?? {}, { checked: true, selected: true });
}

function together(radio) {
  return [...radio.form.elements].filter((one) => one.type === "radio" && one.name === radio.name);
}

function kept(field) {
  return JSON.parse(sessionStorage.getItem(name(field)) ?? "[[]]");
}

// With what the field said before, each time that the typing went on.
function keep(field) {
  const befores = new Set(kept(field)[0]).add(before(field));
  sessionStorage.setItem(name(field), JSON.stringify([[...befores], said(field)]));
}

// Only where the page still says what it said when the typing began: what somebody has saved since is not overwritten.
function offer(field) {
  const [befores, value] = kept(field);
  if (value === undefined || value === said(field) || !befores.includes(said(field))) return false;
  say(field, value);
  if (said(field) !== value) return false;
  field.closest("details")?.setAttribute("open", "");
  return true;
}

function tell(form) {
  if (!form.querySelector("[data-typed]")) form.prepend(document.querySelector("[data-typed-words]").content.cloneNode(true));
}

function leave(form) {
  if (form.matches("[data-leaves]")) return sessionStorage.clear();
  const going = fields(form).map(name);
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
