import { v5 as uuidv5 } from "uuid";
import type { Source } from "../../core/gazette.ts";
import type { ArchivedDay } from "../../core/gazette-archive.ts";
import { editionPath } from "../gazette-address.ts";
import { type Html, html } from "../html.ts";
import { longDate, SITE_TEXTS, say } from "../site-texts.ts";
import { dayFacts } from "./day-facts.ts";
import { EDITION_TEXTS } from "./edition-texts.ts";
import { feedPath, sourcePath } from "./paths.ts";

/** Atom (RFC 4287) in the gazette's own language. `base` is our address without a slash at the end. */
export function atomFeed(
  source: Source,
  days: readonly ArchivedDay[],
  base: string,
  digests: readonly { readonly entry: Html; readonly at: Date }[] = [],
): string {
  const { language } = source;
  const newest = Math.max(
    0,
    ...days.map((day) => day.takenInAt.getTime()),
    ...digests.map(({ at }) => at.getTime()),
  );
  const self = `${base}${feedPath(source)}`;
  const about = say(EDITION_TEXTS[language].sourceDescription, { source: source.name });
  return html`<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="${language}">
<id>urn:uuid:${source.sourceId}</id>
<title>${xmlText(source.name)}</title>
<subtitle>${xmlText(about)}</subtitle>
<updated>${new Date(newest).toISOString()}</updated>
<author><name>${xmlText(source.name)}</name></author>
<link rel="self" type="application/atom+xml" href="${self}"/>
<link rel="alternate" type="text/html" href="${base}${sourcePath(source)}"/>
<generator>Pregonero</generator>
${digests.map((digest) => digest.entry)}
${days.map((day) => entry(source, day, base))}
</feed>
`.markup;
}

function entry(source: Source, day: ArchivedDay, base: string) {
  const { language, sourceId } = source;
  const date = longDate(day.publishedOn, language);
  const number = day.number === undefined ? "" : ` · n.º ${day.number}`;
  return html`<entry>
<id>urn:uuid:${uuidv5(day.publishedOn, sourceId)}</id>
<title>${xmlText(`${say(SITE_TEXTS[language].editionOf, { date })}${number}`)}</title>
<published>${day.publishedOn}T00:00:00Z</published>
<updated>${day.takenInAt.toISOString()}</updated>
<link rel="alternate" type="text/html" href="${base}${editionPath({ source, publishedOn: day.publishedOn })}"/>
<summary>${xmlText(dayFacts(day, language))}</summary>
</entry>
`;
}

/** Without what XML 1.0 (2.2, Char) has no way to write; a number or a name may come out of a hostile PDF. */
export function xmlText(text: string): string {
  return text.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed
    /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
    "",
  );
}
