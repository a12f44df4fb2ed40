// Brings the cited lines into view, and turns pages with the arrow keys.

const firstMark = document.querySelector(".marks rect");
if (firstMark && !location.hash) {
  const { top, bottom } = firstMark.getBoundingClientRect();
  if (top < 0 || bottom > innerHeight) {
    scrollBy({ top: top - innerHeight / 3, behavior: "instant" });
  }
}

document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const rel = { ArrowLeft: "prev", ArrowRight: "next" }[event.key];
  const link = rel && document.querySelector(`link[rel="${rel}"]`);
  if (link) location.assign(link.href);
});
