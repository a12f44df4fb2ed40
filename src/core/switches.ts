import type { TenantId } from "./ids.ts";
import type { Author, LinePressure } from "./operations.ts";

/**
 * Parts of the product that can be spared:
 * - `planner`: rules plan, and nothing is summed up;
 * - `models`: answers are quotations;
 * - `ocr`: pages without readable text are read later;
 * - `media`: voice notes and photos are answered by asking for words;
 * - `broadcasts`: they wait;
 * - `new-conversations`: who writes for the first time waits behind those who were answered before.
 */
export const FEATURES = [
  "planner",
  "models",
  "ocr",
  "media",
  "broadcasts",
  "new-conversations",
] as const;
export type Feature = (typeof FEATURES)[number];

/** Of those, what a tenant may do without by itself; the others concern everybody. */
export const TENANT_FEATURES = ["planner", "models", "media", "broadcasts"] as const;

export const SHED_LEVELS = [0, 1, 2, 3] as const;
/** 0: nothing is shed. Each level sheds what those below it do, too. */
export type ShedLevel = (typeof SHED_LEVELS)[number];

/** What each level sheds besides what those below it do: first what nobody misses at once, the models last. */
export const SHED_BY_LEVEL: Readonly<Record<ShedLevel, readonly Feature[]>> = {
  0: [],
  1: ["planner", "ocr"],
  2: ["broadcasts", "media"],
  3: ["models", "new-conversations"],
};

/** A level begins when either is reached, and ends when both are below half of it for a minute. */
export interface ShedThreshold {
  readonly waitSeconds: number;
  readonly waiting: number;
}

export interface Shedding {
  /** False: a person chose the level. */
  readonly isAutomatic: boolean;
  readonly level: ShedLevel;
  /** What the thresholds say, whoever decides. */
  readonly pressure: ShedLevel;
  /** Of the levels 1 to 3, rising. */
  readonly thresholds: readonly [ShedThreshold, ShedThreshold, ShedThreshold];
  readonly reason: string;
  readonly actor: string;
  readonly since: Date;
  /** Since when a lower level would do; undefined: it would not. */
  readonly calmSince: Date | undefined;
}

/** One switch that is not where it usually is. */
export interface SetSwitch {
  readonly feature: Feature;
  /** Undefined: for everybody. */
  readonly tenantId: TenantId | undefined;
  /** A switch for everybody that is on stays on whatever the level; a tenant's is always off. */
  readonly isOn: boolean;
  readonly reason: string;
  readonly actor: string;
  readonly since: Date;
}

/** A model that a person told to leave alone, or to try again. */
export interface BreakerOrder {
  /** `provider:model`. */
  readonly model: string;
  /** Until when it is left alone; undefined: it is tried again, whatever was learned before `at`. */
  readonly until: Date | undefined;
  readonly reason: string;
  readonly actor: string;
  readonly at: Date;
}

export interface SwitchBoard {
  readonly shedding: Shedding;
  readonly switches: readonly SetSwitch[];
  readonly breakerOrders: readonly BreakerOrder[];
}

/** Switches, levels and orders at rest. Every change is audited. */
export interface SwitchStore {
  read(): Promise<SwitchBoard>;
  /** `isOn` undefined: as usual again. */
  set(
    feature: Feature,
    tenantId: TenantId | undefined,
    change: { readonly isOn: boolean | undefined; readonly reason: string },
    by: Author,
  ): Promise<void>;
  shed(
    change: {
      readonly isAutomatic: boolean;
      readonly level: ShedLevel;
      readonly thresholds?: Shedding["thresholds"] | undefined;
      readonly reason: string;
    },
    by: Author,
  ): Promise<Shedding>;
  /**
   * Reads, decides and writes in one transaction, of which one process at a time has the turn. Returns what changed;
   * undefined: nothing.
   */
  adjust(
    decide: (shedding: Shedding) => Shedding | undefined,
    pressure: LinePressure,
  ): Promise<Shedding | undefined>;
  order(
    model: string,
    order: { readonly until: Date | undefined; readonly reason: string },
    by: Author,
  ): Promise<void>;
}

/** What is off, as this process knows it: at most two seconds old. */
export interface Switches {
  readonly level: ShedLevel;
  /** For one tenant; undefined: for what is nobody's. */
  offFor(tenantId: TenantId | undefined): ReadonlySet<Feature>;
  /** Who has this off by their own switch. */
  tenantsWithout(feature: Feature): readonly TenantId[];
}

/** Nothing is off. */
export const allOn: Switches = {
  level: 0,
  offFor: () => new Set(),
  tenantsWithout: () => [],
};
