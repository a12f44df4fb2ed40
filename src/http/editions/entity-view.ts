import { type CountedEntity, ENTITY_KINDS, type EntityKind } from "../../core/entities.ts";
import type { Edition } from "../../core/gazette.ts";
import type { Language } from "../../core/language.ts";
import { editionPath } from "../gazette-address.ts";
import { type Html, html } from "../html.ts";
import { say } from "../site-texts.ts";

/** People are found by searching, and listed nowhere: an index of names would be one of private lives. */
export const BROWSED_KINDS = ["norm", "body", "company"] as const satisfies readonly EntityKind[];
/** Of each kind. */
export const BROWSED_ENTITIES = 14;
const MAX_KEY = 200;

/** What `?entity=` asks for: the acts that speak of it. */
export interface AskedEntity {
  readonly kind: EntityKind;
  readonly key: string;
}

interface EntityTexts {
  readonly browse: string;
  readonly kinds: Readonly<Record<(typeof BROWSED_KINDS)[number], string>>;
  readonly speaksOf: string;
  readonly all: string;
}

const TEXTS: Readonly<Record<Language, EntityTexts>> = {
  es: {
    browse: "De qué habla esta edición",
    kinds: { norm: "Leyes y decretos", body: "Instituciones", company: "Empresas" },
    speaksOf: "Actos que mencionan «{name}»",
    all: "Ver todos los actos",
  },
  pt: {
    browse: "De que fala esta edição",
    kinds: { norm: "Leis e decretos", body: "Instituições", company: "Empresas" },
    speaksOf: "Atos que mencionam «{name}»",
    all: "Ver todos os atos",
  },
  en: {
    browse: "What this edition speaks of",
    kinds: { norm: "Laws and decrees", body: "Institutions", company: "Companies" },
    speaksOf: "Acts that mention “{name}”",
    all: "See all acts",
  },
};

/** `company:cemex`, of a kind that may be browsed; anything else asks for nothing. */
export function parseEntity(value: unknown): AskedEntity | undefined {
  if (typeof value !== "string" || value.length > MAX_KEY) return undefined;
  const cut = value.indexOf(":");
  const kind = ENTITY_KINDS.find((one) => one === value.slice(0, cut));
  const key = value.slice(cut + 1);
  return kind === undefined || key === "" || kind === "person" ? undefined : { kind, key };
}

export function entityPath(first: Edition, { kind, key }: AskedEntity): string {
  return `${editionPath(first)}?${new URLSearchParams({ entity: `${kind}:${key}` }).toString()}`;
}

/** Chips by kind, each of which shows the acts that speak of it. */
export function entitiesView(
  first: Edition,
  entities: readonly CountedEntity[],
  language: Language,
): Html {
  const texts = TEXTS[language];
  if (entities.length === 0) return html``;
  return html`
<section class="entities" aria-labelledby="entities-title">
<h2 id="entities-title" class="label">${texts.browse}</h2>
${BROWSED_KINDS.map((kind) => {
  const ofKind = entities.filter((entity) => entity.kind === kind);
  return (
    ofKind.length > 0 &&
    html`<h3 class="year">${texts.kinds[kind]}</h3>
<ul class="chips" lang="${first.source.language}">${ofKind.map(
      (entity) =>
        html`<li><a href="${entityPath(first, entity)}">${entity.name} <span class="folio">${entity.actCount}</span></a></li>`,
    )}</ul>`
  );
})}
</section>`;
}

/** Above the index, when it is of one thing only. */
export function chosenEntityView(first: Edition, name: string, language: Language): Html {
  const texts = TEXTS[language];
  return html`
<section class="results" aria-labelledby="entity-title">
<h2 id="entity-title">${say(texts.speaksOf, { name })}</h2>
<p><a href="${editionPath(first)}">← ${texts.all}</a></p>
</section>`;
}
