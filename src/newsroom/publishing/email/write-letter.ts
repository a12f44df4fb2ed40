import MailComposer from "nodemailer/lib/mail-composer/index.js";
import type { ApprovedText } from "../../../core/prompts.ts";
import type { SettingsOf } from "../../../core/publishing.ts";
import { editionsOf, oneLine, placesOf } from "../digest-text.ts";
import { plainText } from "../shown-targets.ts";

/** RFC 5322, 2.1.1 sets 998 for a line; readers show far less. */
const MAX_SUBJECT = 200;

/** One letter to one address. Plain JSON. */
export interface Letter {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

export function writeLetters(
  text: ApprovedText,
  settings: SettingsOf<"email">,
  publicUrl: string,
): readonly Letter[] {
  const subject = oneLine(text.title).slice(0, MAX_SUBJECT);
  const footer = settings.unsubscribe.replace(/^mailto:/, "");
  const words = `${plainText(text, publicUrl)}\n\n-- \n${footer}\n`;
  const html = htmlOf(text, settings, publicUrl);
  return settings.recipients.map((to) => ({ to, subject, text: words, html }));
}

/** The same for each attempt, so that who gets it twice can see that it is one. */
export function messageIdOf(publicationId: string, position: number, from: string): string {
  const domain = from.slice(from.lastIndexOf("@") + 1);
  return `<${publicationId}.${position}@${domain}>`;
}

/** As it goes over the wire (RFC 5322), without reading any file or address that its words may name. */
export async function composeLetter(
  letter: Letter,
  settings: SettingsOf<"email">,
  identity: { readonly messageId: string; readonly date: Date },
): Promise<Buffer> {
  const { from, fromName, unsubscribe } = settings;
  const composer = new MailComposer({
    from: fromName === undefined ? from : { name: oneLine(fromName), address: from },
    to: letter.to,
    subject: letter.subject,
    text: letter.text,
    html: letter.html,
    messageId: identity.messageId,
    date: identity.date,
    headers: { "List-Unsubscribe": `<${unsubscribe}>`, "Auto-Submitted": "auto-generated" },
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return composer.compile().build();
}

function htmlOf(text: ApprovedText, settings: SettingsOf<"email">, publicUrl: string): string {
  const { language } = text;
  const link = ({ name, url }: { readonly name: string; readonly url: string }) =>
    `<a href="${escapeHtml(url)}">${escapeHtml(name)}</a>`;
  const statements = text.statements.map((statement) => {
    const places = placesOf(statement, language, publicUrl).map(link).join("<br>");
    return `<p>${escapeHtml(oneLine(statement.text))}${places === "" ? "" : `<br><small>${places}</small>`}</p>`;
  });
  const editions = editionsOf(text, publicUrl).map(link).join(" · ");
  return `<!doctype html><html lang="${language}"><body><h1>${escapeHtml(oneLine(text.title))}</h1><p>${editions}</p>
${statements.join("\n")}
<hr><p><small><a href="${escapeHtml(settings.unsubscribe)}">${escapeHtml(settings.unsubscribe.replace(/^mailto:/, ""))}</a></small></p></body></html>`;
}

function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
