// Draws a PDF page by page into its box, as wide as the box: a picture, and over it the words, to be read out, searched
// and copied. Pages far from sight are given back, so that a long file costs no more than a short one. Without this
// script the box holds a link.
import { mark } from "./spots.js";

const paper = document.querySelector(".paper[data-pdf]");
if (paper) open(paper).catch(() => broken(paper));
addEventListener("pageshow", ({ persisted }) => {
  if (paper && persisted) location.reload(); // the browser kept the page; its file was given back when it was left
});

async function open(box) {
  const hint = box.querySelector(".hint");
  hint.insertAdjacentText("afterbegin", box.dataset.loading + " ");
  const pdfjs = await import(box.dataset.library);
  pdfjs.GlobalWorkerOptions.workerSrc = box.dataset.worker;
  const parts = box.dataset.parts;
  const task = pdfjs.getDocument({
    url: box.dataset.pdf,
    cMapUrl: parts + "cmaps/",
    standardFontDataUrl: parts + "standard_fonts/",
    wasmUrl: parts + "wasm/", // scans: the plain-script decoders of that folder, as the page compiles no wasm
    isEvalSupported: false,
    useWasm: false,
    enableXfa: false,
  });
  const file = await task.promise;
  const sheets = document.createElement("div");
  sheets.className = "sheets";
  for (let number = 1; number <= file.numPages; number++) sheets.append(await sheet(file, number, box));
  box.replaceChildren(sheets);
  for (const point of document.querySelectorAll("a[data-point]")) mark(point, sheets, box);
  const leave = look(box, sheets, { pdfjs, file });
  addEventListener("pagehide", () => (leave(), task.destroy()), { once: true });
}

async function sheet(file, number, box) {
  const page = await file.getPage(number);
  const { width, height } = page.getViewport({ scale: 1 });
  const holder = document.createElement("div");
  holder.className = "sheet";
  holder.dataset.number = number;
  holder.dataset.width = width;
  holder.dataset.height = height;
  holder.setAttribute("role", "group");
  holder.setAttribute("aria-label", `${box.dataset.page} ${number}/${file.numPages}`);
  holder.style.aspectRatio = `${width} / ${height}`;
  return holder;
}

// Draws what comes near and gives back what has gone far. On a narrow screen the whole page scrolls, else the box does.
function look(box, sheets, shown) {
  const narrow = matchMedia("(max-width: 899px)");
  const fitting = new ResizeObserver((seen) => seen.forEach(({ target }) => fit(target)));
  let watching = null;
  function watch() {
    watching?.disconnect();
    const near = (seen) => seen.forEach(({ isIntersecting, target }) => (isIntersecting ? draw(target, shown) : drop(target)));
    watching = new IntersectionObserver(near, { root: narrow.matches ? null : box, rootMargin: "800px 0px" });
    for (const one of sheets.children) watching.observe(one);
  }
  watch();
  narrow.addEventListener("change", watch);
  for (const one of sheets.children) fitting.observe(one);
  return () => (watching.disconnect(), fitting.disconnect(), [...sheets.children].forEach(drop));
}

function fit(holder) {
  holder.style.setProperty("--total-scale-factor", holder.clientWidth / holder.dataset.width);
}

const wanted = new WeakMap(); // sheet → the parts that are being drawn on it, or stand on it

async function draw(holder, { pdfjs, file }) {
  if (wanted.has(holder)) return;
  const parts = [document.createElement("canvas"), document.createElement("div")];
  wanted.set(holder, parts);
  try {
    const page = await file.getPage(Number(holder.dataset.number));
    const scale = holder.clientWidth / holder.dataset.width;
    await picture(page, parts[0], scale * Math.min(devicePixelRatio || 1, 2));
    await words(page, parts[1], scale, pdfjs);
    if (wanted.get(holder) === parts) holder.prepend(...parts);
    page.cleanup();
  } catch {
    if (wanted.get(holder) === parts) drop(holder);
  }
}

async function picture(page, canvas, scale) {
  const viewport = page.getViewport({ scale });
  canvas.width = Math.floor(viewport.width);
  canvas.height = Math.floor(viewport.height);
  await page.render({ canvas, canvasContext: canvas.getContext("2d"), viewport }).promise;
}

async function words(page, layer, scale, { TextLayer }) {
  layer.className = "words";
  const textContentSource = await page.getTextContent();
  await new TextLayer({ textContentSource, container: layer, viewport: page.getViewport({ scale }) }).render();
  TextLayer.cleanup();
}

function drop(holder) {
  const parts = wanted.get(holder);
  if (!parts) return;
  wanted.delete(holder);
  parts[0].width = parts[0].height = 0; // a picture's memory goes at once, not when it is collected
  for (const one of parts) one.remove();
}

function broken(box) {
  const hint = box.querySelector(".hint") ?? box.appendChild(document.createElement("p"));
  hint.className = "hint";
  const link = document.createElement("a");
  link.href = box.dataset.pdf;
  link.textContent = box.dataset.broken;
  hint.replaceChildren(link);
}
