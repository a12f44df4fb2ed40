import { CHANNEL_HEALTH_CODES } from "./channel.ts";
import { SESSION_STATES } from "./session.ts";

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

/**
 * What was seen, as a program can tell it in any language. Of bots and machines the evidence has more: what a network
 * or a program said, word for word.
 */
export const HEALTH_CODES = [
  ...CHANNEL_HEALTH_CODES.map((code) => `bot-${code}` as const),
  "bot-well",
  "bot-in-trouble",
  "bot-unasked",
  ...SESSION_STATES.map((state) => `session-${state}` as const),
  "session-unattended",
  "session-untold",
  "queue-moving",
  "queue-held",
  "queue-late",
  "queue-undecided",
  "paused",
  "nothing-off",
  "switched-off",
  "provider-working",
  "provider-failing",
  "provider-unused",
  "check-passed",
  "check-warned",
  "check-failed",
  "check-unseen",
] as const;
export type HealthCode = (typeof HEALTH_CODES)[number];

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
  readonly code: HealthCode;
  /** What the code's sentence names: counts, seconds, words of closed sets (several by commas), a person's reason. */
  readonly values: Readonly<Record<string, string | number>>;
  /** One English sentence: what was seen. */
  readonly evidence: string;
  /** What a person does about it; undefined: nothing is to be done. */
  readonly action: string | undefined;
}

/** What a process needs to serve at all, as probes are told. */
export interface HealthCheck {
  /** Kebab-case, e.g. `database`. */
  readonly name: string;
  readonly isHealthy: boolean;
  /** Without it no request can be served: the process isn't ready. */
  readonly isRequired: boolean;
  /** One English sentence for operators, without secrets. */
  readonly evidence: string;
}

/** Of what does not tell itself since when it is so. */
export type UndatedReport = Omit<HealthReport, "since"> & { readonly since: Date | undefined };

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
