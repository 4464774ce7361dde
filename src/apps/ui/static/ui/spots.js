// A frame on the page for a point of the list beside it; each leads to the other. Edges come in points, from the
// lower left corner of the page as it is seen.
export function mark(point, sheets, box) {
  const sheet = sheets.children[Number(point.dataset.page) - 1];
  if (!sheet) return;
  const frame = framed(point, sheet.dataset);
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

function framed(point, { width, height }) {
  const [left, bottom, right, top] = point.dataset.box.split(" ").map(Number);
  const frame = document.createElement("a");
  frame.className = `spot ${point.dataset.tone}`;
  frame.href = `#diem-${point.dataset.point}`;
  frame.setAttribute("aria-label", point.dataset.words);
  frame.dataset.number = point.dataset.point;
  frame.style.left = `${(left / width) * 100}%`;
  frame.style.top = `${((height - top) / height) * 100}%`;
  frame.style.width = `${((right - left) / width) * 100}%`;
  frame.style.height = `${((top - bottom) / height) * 100}%`;
  return frame;
}

function chosen(both) {
  for (const one of document.querySelectorAll(".found [aria-current], .spot[aria-current]")) one.removeAttribute("aria-current");
  for (const one of both) one.setAttribute("aria-current", "true");
}
