// Waits with the page for a key that answers by itself; the server knows how it ends, and says it on the next page.
const shown = document.querySelector("[data-waits]");
const PAUSE = 2000;

async function look() {
  try {
    const answer = await fetch(shown.dataset.waits, { credentials: "same-origin" });
    if ((await answer.json()).state !== "waiting") return void location.replace(shown.dataset.next);
  } catch {
    // the server is away or the session has run out: asked again, and told by the page that is opened next
  }
  setTimeout(look, PAUSE);
}
setTimeout(look, PAUSE);
