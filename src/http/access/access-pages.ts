import { Router } from "express";
import type { AccessPage } from "../../access-links.ts";
import { type Html, html } from "../html.ts";
import { languageOf } from "../language-of.ts";
import { allowOnly } from "../problem.ts";
import { sendSitePage } from "../site-page.ts";
import { SITE_TEXTS } from "../site-texts.ts";
import { ACCESS_TEXTS, type AccessTexts } from "./access-texts.ts";

/** Where each form goes. */
const ADDRESSES: Readonly<Record<AccessPage, string>> = {
  setup: "/api/v1/setup",
  invitation: "/api/v1/invitations/accept",
  "password-reset": "/api/v1/password-resets/redeem",
};

/**
 * The pages that links open: the first account, an invitation, a new password; then the second factor. The token is
 * in the fragment, which the page's script reads and the server never sees.
 */
export function accessPages(): Router {
  const router = Router();
  for (const page of Object.keys(ADDRESSES) as AccessPage[]) {
    router
      .route(`/access/${page}`)
      .get((request, response) => {
        const language = languageOf(request);
        const texts = ACCESS_TEXTS[language];
        response.setHeader("Referrer-Policy", "no-referrer");
        sendSitePage(response, {
          language,
          title: `${texts.pages[page].heading} · Pregonero`,
          layout: "column",
          script: "access.js",
          isPrivate: true,
          main: view(page, texts, SITE_TEXTS[language].administration),
        });
      })
      .all(allowOnly("GET"));
  }
  return router;
}

function view(page: AccessPage, texts: AccessTexts, administration: string): Html {
  const { heading, lead, submit } = texts.pages[page];
  const { totp, codes, done } = texts;
  // Whoever sets an installation up goes on to its first steps.
  const to = page === "setup" ? "/admin/start" : "/admin";
  const enter = html`<p class="actions"><a class="button primary" href="${to}">${administration}</a></p>`;
  return html`<p class="kicker">${texts.kicker}</p>
<div id="access" data-problems="${JSON.stringify(texts.problems)}">
<p id="problem" class="problem" role="alert"></p>
<noscript><p>${texts.noScript}</p></noscript>
<form id="step-account" action="${ADDRESSES[page]}" method="post" class="fields">
<h1>${heading}</h1>
<p>${lead}</p>
${page === "setup" && field("email", texts.email, "email", "username")}
${page !== "password-reset" && field("name", texts.name, "text", "name")}
${field("password", texts.password, "password", "new-password", texts.passwordHint)}
<p class="actions"><button class="button primary">${submit}</button></p>
</form>
<form id="step-totp" action="/api/v1/session/totp/enrolment" method="post" class="fields" hidden>
<h1 tabindex="-1">${totp.heading}</h1>
<p>${totp.lead}</p>
<canvas id="qr" class="qr" role="img" aria-label="${totp.qrAlt}"></canvas>
<p>${totp.secret} <code id="secret"></code></p>
${field("code", totp.code, "text", "one-time-code")}
<p class="actions"><button class="button primary">${totp.submit}</button></p>
</form>
<section id="step-codes" hidden>
<h1 tabindex="-1">${codes.heading}</h1>
<p>${codes.lead}</p>
<ul id="codes" class="codes"></ul>
<p>${done.lead}</p>
${enter}
</section>
<section id="step-done" hidden>
<h1 tabindex="-1">${done.heading}</h1>
<p>${done.lead}</p>
${enter}
</section>
</div>`;
}

function field(
  name: string,
  label: string,
  type: "text" | "email" | "password",
  autocomplete: string,
  hint?: string,
): Html {
  return html`<p><label for="${name}">${label}</label>
<input id="${name}" name="${name}" type="${type}" autocomplete="${autocomplete}" required${name === "code" && html` inputmode="numeric" pattern="[0-9]{6}" maxlength="6"`}${hint !== undefined && html` aria-describedby="${name}-hint"`}>
${hint !== undefined && html`<small id="${name}-hint">${hint}</small>`}</p>`;
}
