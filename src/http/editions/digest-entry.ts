import { v5 as uuidv5 } from "uuid";
import type { Source } from "../../core/gazette.ts";
import type { PublishedDigest } from "../../core/publishing.ts";
import { editionPath } from "../gazette-address.ts";
import { type Html, html } from "../html.ts";
import { anchorOf } from "./digests-view.ts";
import { xmlText } from "./feed.ts";

/** An entry of the gazette's feed (RFC 4287). */
export function digestEntry(
  source: Source,
  { institution, text, publishedAt }: PublishedDigest,
  base: string,
): Html {
  const [edition] = text.editions.filter(({ sourceSlug }) => sourceSlug === source.slug);
  const path = edition === undefined ? "" : editionPath({ source, publishedOn: edition.date });
  const summary = text.statements.map((statement) => `• ${statement.text}`).join("\n");
  return html`<entry>
<id>urn:uuid:${uuidv5(text.runId, source.sourceId)}</id>
<title>${xmlText(text.title)}</title>
<author><name>${xmlText(institution)}</name></author>
<published>${publishedAt.toISOString()}</published>
<updated>${publishedAt.toISOString()}</updated>
<link rel="alternate" type="text/html" href="${base}${path}#${anchorOf(text.runId)}"/>
<summary>${xmlText(summary)}</summary>
</entry>
`;
}
