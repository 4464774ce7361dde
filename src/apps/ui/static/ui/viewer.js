// Draws a PDF page by page into its box; far pages wait until they are near. Without this script the box holds a link.
const paper = document.querySelector(".paper[data-pdf]");
if (paper) open(paper).catch(() => broken(paper));

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
  const watcher = new IntersectionObserver((seen) => seen.forEach(near), { root: box, rootMargin: "800px 0px" });
  for (let number = 1; number <= file.numPages; number++) sheets.append(await sheet(file, number, box));
  box.replaceChildren(sheets);
  for (const one of sheets.children) watcher.observe(one);
  for (const point of document.querySelectorAll("a[data-point]")) mark(point, sheets, box);
  addEventListener("pagehide", () => task.destroy(), { once: true });

  function near({ isIntersecting, target }) {
    if (!isIntersecting || target.dataset.drawn) return;
    target.dataset.drawn = "yes";
    draw(file, target, pdfjs).catch(() => delete target.dataset.drawn);
  }
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

async function draw(file, holder) {
  const page = await file.getPage(Number(holder.dataset.number));
  const ratio = Math.min(devicePixelRatio || 1, 2);
  const scale = (holder.clientWidth / page.getViewport({ scale: 1 }).width) * ratio;
  const viewport = page.getViewport({ scale });
  const canvas = document.createElement("canvas");
  canvas.width = Math.floor(viewport.width);
  canvas.height = Math.floor(viewport.height);
  await page.render({ canvas, canvasContext: canvas.getContext("2d"), viewport }).promise;
  holder.prepend(canvas);
  const text = await page.getTextContent();
  const words = document.createElement("p");
  words.className = "unseen";
  words.textContent = text.items.map((item) => item.str + (item.hasEOL ? "\n" : "")).join("");
  holder.append(words);
}

// A frame on the page for a point of the list beside it; each leads to the other. Edges come in points, from the
// lower left corner of the page as it is seen.
function mark(point, sheets, box) {
  const sheet = sheets.children[Number(point.dataset.page) - 1];
  if (!sheet) return;
  const [left, bottom, right, top] = point.dataset.box.split(" ").map(Number);
  const { width, height } = sheet.dataset;
  const frame = document.createElement("a");
  frame.className = `spot ${point.dataset.tone}`;
  frame.href = `#diem-${point.dataset.point}`;
  frame.setAttribute("aria-label", point.dataset.words);
  frame.dataset.number = point.dataset.point;
  frame.style.left = `${(left / width) * 100}%`;
  frame.style.top = `${((height - top) / height) * 100}%`;
  frame.style.width = `${((right - left) / width) * 100}%`;
  frame.style.height = `${((top - bottom) / height) * 100}%`;
  sheet.append(frame);
  const both = [point.closest("li"), frame];
  point.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return; // a window of its own, as for any link
    event.preventDefault();
    chosen(both);
    box.scrollIntoView({ block: "nearest" });
    frame.scrollIntoView({ block: "center" });
    frame.focus({ preventScroll: true });
  });
  frame.addEventListener("click", (event) => {
    event.preventDefault();
    chosen(both);
    point.scrollIntoView({ block: "center" });
    point.focus({ preventScroll: true });
  });
}

function chosen(both) {
  for (const one of document.querySelectorAll(".found [aria-current], .spot[aria-current]")) one.removeAttribute("aria-current");
  for (const one of both) one.setAttribute("aria-current", "true");
}

function broken(box) {
  const hint = box.querySelector(".hint") ?? box.appendChild(document.createElement("p"));
  hint.className = "hint";
  const link = document.createElement("a");
  link.href = box.dataset.pdf;
  link.textContent = box.dataset.broken;
  hint.replaceChildren(link);
}
