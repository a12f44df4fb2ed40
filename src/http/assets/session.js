// Keeps the page of a session in step: its state, its code, and the seconds that the code lasts.

const LOOK_EVERY_MS = 2_000;
const place = document.getElementById("session");
// Tells who listens rather than looks.
const said = document.getElementById("said");
const offline = document.getElementById("offline");

let startedAt = performance.now();

function count() {
  const countdown = place.querySelector(".countdown");
  if (!countdown) return;
  const passed = Math.floor((performance.now() - startedAt) / 1_000);
  const seconds = Math.max(0, Number(countdown.dataset.seconds) - passed);
  countdown.textContent = countdown.dataset.text.replace("{seconds}", String(seconds));
}

/** False once the address is no longer valid: nothing changes any more. */
async function look() {
  const shown = place.querySelector("[data-version]").dataset.version;
  const address = `${place.dataset.address}?version=${shown}${location.search.replace("?", "&")}`;
  const response = await fetch(address, { signal: AbortSignal.timeout(10_000) });
  if (response.status === 200 || response.status === 404) {
    place.innerHTML = await response.text();
    startedAt = performance.now();
    const heading = place.querySelector("h1").textContent;
    if (said.textContent !== heading) said.textContent = heading;
  } else if (response.status !== 204) throw new Error(`${response.status}`);
  return response.status !== 404;
}

async function keepLooking() {
  let isValid = true;
  try {
    isValid = await look();
    offline.textContent = "";
  } catch {
    offline.textContent = place.dataset.offline;
  }
  if (isValid) setTimeout(keepLooking, LOOK_EVERY_MS);
}

if (place) {
  setInterval(count, 1_000);
  setTimeout(keepLooking, LOOK_EVERY_MS);
}
