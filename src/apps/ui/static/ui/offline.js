// The page that was asked for comes as soon as there is a network: its address is still the one of this page.
const again = () => location.reload();
document.querySelector("[data-again]").addEventListener("click", again);
addEventListener("online", again);
