/** `degraded`: works, and not as it should. `unknown`: nobody has looked, or nobody can. */
export const HEALTH_STATES = ["ok", "degraded", "down", "unknown"] as const;
export type HealthState = (typeof HEALTH_STATES)[number];

export const HEALTH_KINDS = [
  "bot",
  "session",
  "provider",
  "queue",
  "switch",
  /** Database, Redis, disk, Chromium, addresses: what `doctor` looks at. */
  "machine",
] as const;

/** How one thing stands. No message text, no name of a person, no secret. */
export interface HealthReport {
  readonly kind: (typeof HEALTH_KINDS)[number];
  /** Of a bot its id, of a provider its name, of a check its name. */
  readonly id: string;
  /** For people. */
  readonly name: string;
  readonly state: HealthState;
  /** Since when, as far as it is known: what it says itself, else when this process first saw it so. */
  readonly since: Date;
  /** One English sentence: what was seen. */
  readonly evidence: string;
  /** What a person does about it; undefined: nothing is to be done. */
  readonly action: string | undefined;
}

/** How calls of one provider went lately, over all tenants. */
export interface ProviderFigures {
  /** As in model names, before the colon. */
  readonly provider: string;
  readonly calls: number;
  readonly failures: number;
  /** The code that failed most; undefined: none failed. */
  readonly mostlyFailedWith: string | undefined;
  readonly lastSuccessAt: Date | undefined;
  readonly lastFailureAt: Date | undefined;
  readonly firstTokenMsP95: number | undefined;
}
