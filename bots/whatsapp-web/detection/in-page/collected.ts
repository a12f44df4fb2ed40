import { z } from "zod";

/** What to look for within one item. */
export interface Probe {
  readonly selectors: readonly string[];
  /** How many matches are wanted; default 1. */
  readonly max?: number;
  /** Of nested matches the outermost count. */
  readonly isOutermost?: boolean;
  /** Matches inside one of these do not count. */
  readonly outside?: readonly string[];
  readonly text?: boolean;
  /** Left out of `text`. */
  readonly without?: readonly string[];
  /** The title of the svg in it. */
  readonly icon?: boolean;
  /** The colour in which its shape is drawn. */
  readonly paint?: boolean;
}

export interface Scope {
  /** The first match of the first selector that matches. */
  readonly root: readonly string[];
  /** Of nested matches the outermost count. */
  readonly items: readonly string[];
  readonly limit: number;
  readonly keep?: "first" | "last";
  /** Fingerprints by `data-id` of what is known: an item that has not changed is not described again. */
  readonly known?: Readonly<Record<string, string>>;
  readonly probes: Readonly<Record<string, Probe>>;
}

export interface CollectRequest {
  readonly scopes: Readonly<Record<string, Scope>>;
  /** Names of attributes that are taken along wherever they stand. */
  readonly attributes: readonly string[];
}

const MAX_STRING = 70_000;
const index = z.number().int().nonnegative();
const figure = z.number().min(-1e7).max(1e7);
const rect = z.tuple([figure, figure, figure, figure]);

const match = z.object({
  /** Which of the probe's selectors found it. */
  by: index,
  tag: z.string().max(40),
  /** Indices into `strings`, as are `text`, `icon` and `paint`. */
  attributes: z.record(z.string().max(60), index),
  /** Left, top, width, height in CSS pixels. */
  rect,
  text: index.optional(),
  icon: index.optional(),
  paint: index.optional(),
});

const item = match.extend({
  /** Changes with the item's markup, place and size; only of scopes with `known`. */
  fingerprint: z.string().max(40).optional(),
  /** As known: nothing else is told. */
  isSame: z.boolean().optional(),
  chain: z
    .array(z.tuple([figure, figure, figure, figure, z.union([z.literal(0), z.literal(1)])]))
    .max(24),
  matches: z.record(z.string().max(60), z.array(match).max(60)),
});

/** The collector's answer comes from a hostile page: whatever is not of this shape and size is refused. */
export const collectedSchema = z.object({
  page: z.object({
    url: z.string().max(500),
    language: z.string().max(40),
    browserLanguage: z.string().max(40),
    timeZone: z.string().max(80),
    isVisible: z.boolean(),
    isRightToLeft: z.boolean(),
  }),
  scopes: z.record(
    z.string().max(60),
    z.object({ root: rect.optional(), found: index, items: z.array(item).max(2000) }),
  ),
  strings: z.array(z.string().max(MAX_STRING)).max(100_000),
  broken: z.array(z.string().max(400)).max(50),
});

export type Collected = z.infer<typeof collectedSchema>;
export type CollectedItem = z.infer<typeof item>;
export type Match = z.infer<typeof match>;
export type PageFacts = Collected["page"];
