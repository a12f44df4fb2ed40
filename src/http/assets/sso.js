// Comes back from the identity provider: hands what it said to our API, with our own cookies.

const heading = document.getElementById("sso");
const texts = JSON.parse(heading.dataset.texts);
const query = location.search.slice(1);
// The code is used once, and not left in the address bar or the history.
history.replaceState(null, "", location.pathname);

async function send(method, path, body, headers = {}) {
  const response = await fetch(path, {
    method,
    headers: { ...headers, ...(body && { "content-type": "application/json" }) },
    body: body && JSON.stringify(body),
    signal: AbortSignal.timeout(30_000),
  });
  const json = await response.json();
  if (!response.ok) throw new Error(json.detail);
  return json;
}

try {
  const { csrfToken } = await send("GET", "/api/v1/session");
  const headers = { "x-csrf-token": csrfToken };
  const { state } = await send("POST", "/api/v1/session/sso/callback", { query }, headers);
  heading.textContent = state === "signed-in" ? texts.done : texts.code;
  // The administration asks for what is still missing.
  location.replace(state === "signed-in" ? "/admin" : "/admin#second-factor");
} catch (error) {
  heading.textContent = texts.failed;
  document.getElementById("why").textContent = error.message;
}
