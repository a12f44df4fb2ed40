import { Router } from "express";
import type { Language } from "../../core/language.ts";
import { html } from "../html.ts";
import { languageOf } from "../language-of.ts";
import { allowOnly } from "../problem.ts";
import { sendSitePage } from "../site-page.ts";

const TEXTS: Readonly<
  Record<Language, Readonly<Record<"wait" | "done" | "code" | "failed", string>>>
> = {
  es: {
    wait: "Comprobando quién es usted…",
    done: "Ha iniciado sesión.",
    code: "Falta su código de seis dígitos.",
    failed: "No se pudo iniciar sesión. Empiece de nuevo.",
  },
  pt: {
    wait: "Verificando quem é você…",
    done: "Você entrou.",
    code: "Falta o seu código de seis dígitos.",
    failed: "Não foi possível entrar. Comece de novo.",
  },
  en: {
    wait: "Checking who you are…",
    done: "You are signed in.",
    code: "Your six-digit code is still needed.",
    failed: "Signing in failed. Begin again.",
  },
};

/** Where the identity provider sends browsers back to: its script tells our API, from our own site. */
export function ssoPage(): Router {
  const router = Router();
  router
    .route("/access/sso")
    .get((request, response) => {
      const language = languageOf(request);
      const texts = TEXTS[language];
      response.setHeader("Referrer-Policy", "no-referrer");
      sendSitePage(response, {
        language,
        title: "Pregonero",
        layout: "column",
        script: "sso.js",
        isPrivate: true,
        main: html`<h1 id="sso" tabindex="-1" role="status" data-texts="${JSON.stringify(texts)}">${texts.wait}</h1>
<p id="why"></p>`,
      });
    })
    .all(allowOnly("GET"));
  return router;
}
