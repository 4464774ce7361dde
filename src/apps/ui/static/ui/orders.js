// The page of an order: the helper signs a digest that is computed here, of the very bytes the page shows.
import { helper } from "./helper.js";

const form = document.querySelector("form[data-order]");
const say = form.dataset;
const told = form.querySelector(".waiting");
const PATIENCE = 10 * 60 * 1000;

for (const one of form.querySelectorAll(".scripted")) one.hidden = !crypto.subtle; // only where the page came safely
form.querySelector("[data-way]").addEventListener("click", ({ currentTarget }) => sign(currentTarget));

function tell(words, failed) {
  told.textContent = words;
  told.classList.toggle("problem", Boolean(failed));
}

async function sign(button) {
  button.disabled = true;
  try {
    tell(say.choose);
    const { certificate } = await helper("web-eid:get-signing-certificate", { lang: "vi" }, PATIENCE, say);
    tell(say.pin);
    const shown = new TextEncoder().encode(document.querySelector("[data-text]").textContent);
    const hash = base64(await crypto.subtle.digest("SHA-256", shown));
    const asked = { certificate, hash, hashFunction: "SHA-256", lang: "vi" };
    const { signature } = await helper("web-eid:sign", asked, PATIENCE, say);
    form.elements.certificate.value = certificate;
    form.elements.value.value = signature;
    form.submit();
  } catch (problem) {
    button.disabled = false;
    tell(problem.words ?? say.refused, true);
  }
}

function base64(buffer) {
  return btoa(String.fromCharCode(...new Uint8Array(buffer)));
}
