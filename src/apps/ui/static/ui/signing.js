// The signing page: the frame on the page, and the two ways to a key in the person's own hands.
import { Refusal, helper } from "./helper.js";

const form = document.querySelector("form.signing");
const say = form.dataset;
const told = form.querySelector(".waiting");
const stop = form.querySelector("[data-stop]");
const token = form.elements.csrfmiddlewaretoken.value;
const PATIENCE = 10 * 60 * 1000; // as long as a session lives
let current = null; // {signing, ended}

for (const one of form.querySelectorAll(".scripted")) one.hidden = false;
for (const button of form.querySelectorAll("[data-way]")) button.addEventListener("click", () => begin(button));
stop.addEventListener("click", () => cancel(say.cancelled));

async function begin(button) {
  busy(true);
  current = { signing: "", ended: false };
  const mine = current;
  try {
    await (button.dataset.way === "browser" ? inBrowser(mine) : throughProgram(mine));
  } catch (problem) {
    if (!mine.ended) await cancel(problem.words ?? say.lost);
  }
}

function busy(yes) {
  for (const one of form.querySelectorAll(".way button")) one.disabled = yes;
  stop.hidden = !yes;
}

function tell(words, failed) {
  told.textContent = words;
  told.classList.toggle("problem", Boolean(failed));
}

async function cancel(words) {
  const mine = current;
  if (!mine || mine.ended) return;
  mine.ended = true;
  mine.socket?.close();
  if (mine.signing) await ask(mine.signing + "huy/", "").catch(() => null);
  busy(false);
  tell(words, true);
  form.querySelector("[data-way]").focus();
}

async function ask(address, body, type = "application/json") {
  const headers = { "X-CSRFToken": token, "Content-Type": type };
  const answer = await fetch(address, { method: "POST", body, headers, credentials: "same-origin" });
  const said = await answer.json();
  if (!answer.ok) throw new Refusal(said.problem ?? say.lost);
  return said;
}

const place = () => form.elements.sign_place?.value ?? "";

function done(mine, said) {
  mine.ended = true;
  location.assign(said.next);
}

// ------------------------------------------------------------ (a) a helper in the browser, in the words of web-eID

async function inBrowser(mine) {
  tell(say.choose);
  const shown = await helper("web-eid:get-signing-certificate", { lang: "vi" }, PATIENCE, say);
  if (mine.ended) return;
  const { certificate, supportedSignatureAlgorithms } = shown;
  const wanted = await ask(say.browser, JSON.stringify({ certificate, supportedSignatureAlgorithms, place: place() }));
  mine.signing = wanted.signing;
  if (mine.ended) return void ask(mine.signing + "huy/", "");
  tell(say.pin);
  const { hash, hashFunction, nonce } = wanted;
  const { signature } = await helper("web-eid:sign", { certificate, hash, hashFunction, lang: "vi" }, PATIENCE, say);
  if (mine.ended) return;
  tell(say.check);
  done(mine, await ask(mine.signing + "xong/", JSON.stringify({ nonce, signature })));
}

// ------------------------------------------------------------ (b) the state's program on this machine

async function throughProgram(mine) {
  tell(say.open);
  const body = new URLSearchParams({ sign_place: place() });
  const wanted = await ask(say.plugin, body, "application/x-www-form-urlencoded");
  mine.signing = wanted.signing;
  const reply = await converse(mine, wanted.address, wanted.request);
  if (mine.ended) return;
  tell(say.check); // whatever the program says, only the server's word counts
  const answer = await fetch(mine.signing, { credentials: "same-origin" });
  const said = await answer.json();
  if (said.state === "signed") return done(mine, said);
  throw new Refusal(said.problem || reply.Message || say.refused);
}

function converse(mine, address, request) {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(address);
    mine.socket = socket;
    let open = false;
    socket.onopen = () => {
      open = true;
      tell(say.there);
      socket.send(JSON.stringify(request));
    };
    socket.onmessage = ({ data }) => {
      try {
        resolve(JSON.parse(data));
      } catch {
        reject(new Refusal(say.refused));
      }
      socket.close();
    };
    socket.onerror = socket.onclose = () => reject(new Refusal(open ? say.refused : say.noplugin));
  });
}

// ------------------------------------------------------------ the frame on the page

const MM = 72 / 25.4;
const SIZE = { width: 50 * MM, height: 20 * MM };
const choice = form.elements.sign_place;
const paper = document.querySelector(".paper");
const spot = { page: Number(say.page), left: Number(say.left), bottom: Number(say.bottom) };
let stamp = null;

if (choice && paper) new MutationObserver(show).observe(paper, { childList: true, subtree: true });
choice?.addEventListener("change", () => stamp && (stamp.hidden = !choice.value.startsWith("at:")));

function show() {
  const holder = paper.querySelectorAll(".sheet")[spot.page];
  if (!holder || stamp?.parentElement === holder) return;
  const first = !stamp;
  stamp ??= frame();
  holder.closest(".sheets").classList.add("placing");
  holder.append(stamp);
  lay();
  if (first) paper.scrollTop += stamp.getBoundingClientRect().top - paper.getBoundingClientRect().top - paper.clientHeight / 2;
}

function frame() {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "stamp";
  made.setAttribute("aria-label", `${say.name} – ${say.stamp}`);
  made.textContent = say.name;
  made.addEventListener("pointerdown", grab);
  made.addEventListener("keydown", step);
  return made;
}

// Points of the page as it is drawn: the holder has the page's proportions, A4 in width unless the page says otherwise.
function scale() {
  const holder = stamp.parentElement;
  const [width, height] = holder.style.aspectRatio.split("/").map(Number);
  return { width, height, by: holder.clientWidth / width };
}

function lay() {
  const { width, height, by } = scale();
  spot.left = Math.round(Math.max(0, Math.min(spot.left, width - SIZE.width)));
  spot.bottom = Math.round(Math.max(0, Math.min(spot.bottom, height - SIZE.height)));
  stamp.style.left = `${(spot.left / width) * 100}%`;
  stamp.style.bottom = `${(spot.bottom / height) * 100}%`;
  stamp.style.width = `${(SIZE.width / width) * 100}%`;
  stamp.style.height = `${(SIZE.height / height) * 100}%`;
  return by;
}

function keep() {
  lay();
  const value = `at:${spot.page}:${spot.left}:${spot.bottom}`;
  let option = [...choice.options].find((one) => one.value.startsWith("at:"));
  if (!option) choice.append((option = new Option(form.querySelector("[data-dragged]").dataset.dragged)));
  option.value = value;
  choice.value = value;
}

function grab(down) {
  down.preventDefault();
  stamp.focus();
  stamp.setPointerCapture(down.pointerId);
  const from = { x: down.clientX, y: down.clientY, left: spot.left, bottom: spot.bottom };
  const { by } = scale();
  function move(now) {
    spot.left = from.left + (now.clientX - from.x) / by;
    spot.bottom = from.bottom - (now.clientY - from.y) / by;
    keep();
  }
  stamp.addEventListener("pointermove", move);
  stamp.addEventListener("lostpointercapture", () => stamp.removeEventListener("pointermove", move), { once: true });
}

const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

function step(pressed) {
  const by = STEPS[pressed.key];
  const turn = { PageUp: -1, PageDown: 1 }[pressed.key];
  if (!by && !turn) return;
  pressed.preventDefault();
  const far = (pressed.shiftKey ? 10 : 2) * MM;
  if (by) [spot.left, spot.bottom] = [spot.left + by[0] * far, spot.bottom + by[1] * far];
  if (turn) {
    const last = paper.querySelectorAll(".sheet").length - 1;
    spot.page = Math.max(0, Math.min(last, spot.page + turn));
    show();
    stamp.scrollIntoView({ block: "center" });
    stamp.focus();
  }
  keep();
}
