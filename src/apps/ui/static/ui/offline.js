// The page that was asked for comes as soon as there is a network: its address is still the one of this page. A browser
// often says "online" before the way is open, so the server is asked until it answers.
const PAUSE = 3000; // ms
const again = () => location.reload();
document.querySelector("[data-again]").addEventListener("click", again);
addEventListener("online", again);
knockLater();

function knockLater() {
  setTimeout(() => fetch("/sw.js", { method: "HEAD", cache: "no-store" }).then(again, knockLater), PAUSE);
}
