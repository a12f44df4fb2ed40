// The page of a link: sends what is typed with the token of the address, then sets up the second factor.

const root = document.getElementById("access");
const problems = JSON.parse(root.dataset.problems);
const problem = document.getElementById("problem");
const token = location.hash.slice(1);

/** The answer's body; throws the problem that it is. */
async function call(method, path, body) {
  const { csrfToken } = await send("GET", "/api/v1/session");
  return send(method, path, body, { "x-csrf-token": csrfToken });
}

async function send(method, path, body, headers = {}) {
  const response = await fetch(path, {
    method,
    headers: { ...headers, ...(body && { "content-type": "application/json" }) },
    body: body && JSON.stringify(body),
    signal: AbortSignal.timeout(20_000),
  });
  const text = await response.text();
  const json = text === "" ? {} : JSON.parse(text);
  if (!response.ok) throw Object.assign(new Error(json.detail), { code: json.code });
  return json;
}

function show(step) {
  for (const other of root.querySelectorAll("form, section")) other.hidden = other.id !== step;
  document.querySelector(`#${step} h1`).focus();
}

/** One submission at a time; what went wrong is said above the form. */
function onSubmit(form, work) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("button");
    button.disabled = true;
    problem.textContent = "";
    try {
      await work(Object.fromEntries(new FormData(form)));
    } catch (error) {
      const known = error.code ?? (error instanceof TypeError ? "offline" : undefined);
      problem.textContent = problems[known] ?? error.message;
    } finally {
      button.disabled = false;
    }
  });
}

async function drawQr(base64) {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const picture = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
  const canvas = document.getElementById("qr");
  canvas.width = picture.width;
  canvas.height = picture.height;
  canvas.getContext("2d").drawImage(picture, 0, 0);
}

async function beginTotp() {
  const { secret, qrPng } = await call("POST", "/api/v1/session/totp/enrolment");
  document.getElementById("secret").textContent = secret.replace(/.{4}(?=.)/g, "$& ");
  show("step-totp");
  await drawQr(qrPng);
}

const account = document.getElementById("step-account");
onSubmit(account, async (fields) => {
  const { person } = await call("POST", account.getAttribute("action"), { ...fields, token });
  // The link is used: it is not left in the address bar or the history.
  history.replaceState(null, "", location.pathname);
  account.reset();
  if (person?.mustSetUpTotp) await beginTotp();
  else show("step-done");
});

onSubmit(document.getElementById("step-totp"), async ({ code }) => {
  const path = "/api/v1/session/totp/enrolment";
  const { recoveryCodes } = await call("PUT", path, { code });
  for (const each of recoveryCodes) {
    const item = document.createElement("li");
    item.textContent = each;
    document.getElementById("codes").append(item);
  }
  show("step-codes");
});
