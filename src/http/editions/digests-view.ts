import type { Language } from "../../core/language.ts";
import type { ApprovedStatement } from "../../core/prompts.ts";
import type { PublishedDigest } from "../../core/publishing.ts";
import { type Html, html } from "../html.ts";
import { longDate } from "../site-texts.ts";

interface DigestTexts {
  readonly heading: string;
  /** Whose it is, and since when. */
  readonly by: (institution: string, date: string) => string;
}

const TEXTS: Readonly<Record<Language, DigestTexts>> = {
  es: { heading: "Resumen", by: (name, date) => `De ${name}, que lo aprobó el ${date}.` },
  pt: { heading: "Resumo", by: (name, date) => `De ${name}, que o aprovou em ${date}.` },
  en: { heading: "Digest", by: (name, date) => `By ${name}, approved on ${date}.` },
};

/** Digests of an edition that were approved, each claim with the lines that bear it out. */
export function digestsView(digests: readonly PublishedDigest[], language: Language): Html {
  if (digests.length === 0) return html``;
  const texts = TEXTS[language];
  return html`
<section class="digests" aria-labelledby="digests-title">
<h2 id="digests-title" class="label">${texts.heading}</h2>
${digests.map(
  ({ institution, text }) => html`<article id="${anchorOf(text.runId)}" lang="${text.language}">
<h3>${text.title}</h3>
<ul>${text.statements.map((statement) => statementView(statement))}</ul>
<p class="note" lang="${language}">${texts.by(institution, longDate(text.approvedAt.toISOString().slice(0, 10), language))}</p>
</article>`,
)}
</section>`;
}

function statementView({ text, citations }: ApprovedStatement): Html {
  return html`<li>${text} ${citations.map(
    ({ link, pdfPage, printedPage, quote }) =>
      html`<a class="folio" href="${ownPath(link)}" title="${quote.slice(0, 300)}">p. ${printedPage ?? pdfPage}</a> `,
  )}</li>`;
}

/** A link that is not ours is none. */
function ownPath(link: string): string {
  return /^\/(?!\/)/.test(link) ? link : "#";
}

export function anchorOf(runId: string): string {
  return `digest-${runId}`;
}
