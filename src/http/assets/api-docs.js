/** The filter of the index: shows the operations that have all of its words. Without this script all are there. */
const box = document.querySelector(".api-filter");
const input = box?.querySelector("input");
const output = box?.querySelector("output");
const found = [...document.querySelectorAll("[data-find]")];
const operations = found.filter((one) => one.matches(".api-operation"));

function show() {
  const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const one of found) one.hidden = !words.every((word) => one.dataset.find.includes(word));
  for (const group of document.querySelectorAll(".api-tag, .api-index > ul > li")) {
    const inner = [...group.querySelectorAll("[data-find]")];
    group.hidden = words.length > 0 && inner.every((one) => one.hidden);
  }
  document.querySelector("#schemas").hidden = words.length > 0;
  document.body.classList.toggle("is-filtered", words.length > 0);
  const count = operations.filter((one) => !one.hidden).length;
  output.textContent = words.length === 0 ? "" : `${count} of ${operations.length} operations`;
}

if (input) {
  box.hidden = false;
  input.addEventListener("input", show);
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && document.activeElement !== input) {
      event.preventDefault();
      input.focus();
    }
    if (event.key === "Escape" && document.activeElement === input) {
      input.value = "";
      show();
    }
  });
  // A link to what the filter hides shows everything again.
  addEventListener("hashchange", () => {
    const target = document.getElementById(location.hash.slice(1));
    if (target === null || target.closest("[hidden]") === null) return;
    input.value = "";
    show();
    target.scrollIntoView();
  });
}
