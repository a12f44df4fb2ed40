import type { MetricName } from "../core/metrics.ts";

/**
 * Every metric there is, without the prefix `pregonero_`. Labels are closed sets, never tenants or people,
 * so that the number of series stays bounded. docs/metrics.md is tested against this table.
 */
interface Metric {
  readonly kind: "counter" | "histogram" | "gauge";
  readonly help: string;
  readonly labels: readonly string[];
  /** Upper bounds in the metric's unit; histograms only. */
  readonly buckets?: readonly number[];
}

/** From a fast acknowledgement (2 ms) to the point where a network gives up on us. */
const REQUEST_SECONDS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** From an extractive answer (5 ms) to the deadline of a whole turn (45 s). */
const TURN_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 45];

/** From a small model at hand to the deadline of a chain (25 s). */
const MODEL_SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 1.5, 2, 3, 5, 8, 12, 25];

export const METRICS: Readonly<Record<MetricName, Metric>> = {
  http_request_seconds: {
    kind: "histogram",
    help: "Time from a request's arrival to the end of its answer; webhooks are apart.",
    labels: ["route", "status"],
    buckets: REQUEST_SECONDS,
  },
  webhook_seconds: {
    kind: "histogram",
    help: "Time from a webhook's arrival to its acknowledgement.",
    labels: ["channel", "status"],
    buckets: REQUEST_SECONDS,
  },
  inbox_messages_total: {
    kind: "counter",
    help: "Messages committed to the inbox, and duplicates recognised there.",
    labels: ["channel", "outcome"],
  },
  feedback_total: {
    kind: "counter",
    help: "Judgements on answers that were given, changed or taken back, by how: page, reaction.",
    labels: ["by"],
  },
  turns_total: {
    kind: "counter",
    help: "Turns by how they ended: answered, edited (taken again), lease-lost, retried, dead-lettered.",
    labels: ["outcome"],
  },
  turn_seconds: {
    kind: "histogram",
    help: "Time that the conversation took to come to its replies.",
    labels: ["channel"],
    buckets: TURN_SECONDS,
  },
  questions_refused_total: {
    kind: "counter",
    help: "Questions past the limit of a tenant's plan, by which: contact-day (the person's), day (all together).",
    labels: ["limit"],
  },
  outbox_parts_total: {
    kind: "counter",
    help: "Parts of replies by what is known after their attempt: sent, refused, retried, unknown.",
    labels: ["outcome"],
  },
  alert_matches_total: {
    kind: "counter",
    help: "Acts of editions that came in and subscriptions that they are about, one for each pair.",
    labels: [],
  },
  alert_matching_seconds: {
    kind: "histogram",
    help: "Matching of one edition against all subscriptions of a tenant.",
    labels: [],
    buckets: [0.1, 0.5, 1, 5, 15, 60, 300],
  },
  news_messages_total: {
    kind: "counter",
    help: "Messages with alerts, and digests, that were put into the outbox: alert, digest.",
    labels: ["kind"],
  },
  campaign_recipients_total: {
    kind: "counter",
    help: "Recipients of campaigns that were put into the outbox, or left out of it with a reason.",
    labels: [],
  },
  send_seconds: {
    kind: "histogram",
    help: "Time of one call that sends a part.",
    labels: ["channel"],
    buckets: REQUEST_SECONDS,
  },
  model_calls_total: {
    kind: "counter",
    help: "Tries of a model by outcome: answered, skipped (it rests), too-small, blind, overtaken, aborted, or the error's code.",
    labels: ["provider", "outcome"],
  },
  model_first_token_seconds: {
    kind: "histogram",
    help: "Time from the call of a model to its first piece of text.",
    labels: ["provider"],
    buckets: MODEL_SECONDS,
  },
  model_call_seconds: {
    kind: "histogram",
    help: "Time of one call of a model, whatever it came to.",
    labels: ["provider"],
    buckets: MODEL_SECONDS,
  },
  model_tokens_total: {
    kind: "counter",
    help: "Tokens booked: input (without the cached ones), cached (input read from the vendor's cache), output.",
    labels: ["provider", "kind"],
  },
  model_cost_usd_total: {
    kind: "counter",
    help: "What the booked calls cost in US dollars, as far as their price is known.",
    labels: ["provider"],
  },
  model_fallbacks_total: {
    kind: "counter",
    help: "Answers that another link gave than the first of the chain.",
    labels: [],
  },
  model_cache_total: {
    kind: "counter",
    help: "Questions to the chain: cached (answered before), shared (being answered for another), stale (the models fail), asked.",
    labels: ["outcome"],
  },
  breaker_state: {
    kind: "gauge",
    help: "Of the provider's worst model: 0 called freely, 1 tried by one call, 2 left alone.",
    labels: ["provider"],
  },
  inbox_pending: { kind: "gauge", help: "Messages that wait for their answer.", labels: [] },
  inbox_oldest_seconds: {
    kind: "gauge",
    help: "Age of the oldest message that waits for its answer; 0 when none does.",
    labels: [],
  },
  inbox_dead: { kind: "gauge", help: "Messages given up after repeated failures.", labels: [] },
  outbox_queued: { kind: "gauge", help: "Parts that wait to be sent.", labels: [] },
  outbox_unknown: { kind: "gauge", help: "Parts that may or may not have arrived.", labels: [] },
  session_starts_total: {
    kind: "counter",
    help: "Starts of a browser that holds an account of WhatsApp Web, by engine.",
    labels: ["engine"],
  },
  session_state: {
    kind: "gauge",
    help: "Sessions of WhatsApp Web that this process holds, by state.",
    labels: ["state"],
  },
  session_reading_drifts_total: {
    kind: "counter",
    help: "Signs that the page of WhatsApp Web changed, while it is still read: contradiction (strategies differ on a field), suspended (one is no longer asked), broken-selector.",
    labels: ["reason", "field", "strategy"],
  },
  session_packs_refused_total: {
    kind: "counter",
    help: "Selector packs of the operator's that could not be used, at each start of a browser.",
    labels: [],
  },
  balance_notices_total: {
    kind: "counter",
    help: "Prepaid balances that fell to a threshold (low) or to zero (exhausted).",
    labels: ["level"],
  },
  document_versions_total: {
    kind: "counter",
    help: "Versions of tenants' documents that were worked on: stored, unchanged, failed, postponed, lost.",
    labels: ["outcome"],
  },
  publications_total: {
    kind: "counter",
    help: "Turns at publications, by target and by what came of them: published, wait, failed, unknown, needs-attention.",
    labels: ["target", "outcome"],
  },
  publication_posts_total: {
    kind: "counter",
    help: "Posts of publications by what is known after their attempt: sent, refused, unknown.",
    labels: ["target", "outcome"],
  },
  newsroom_attempts_total: {
    kind: "counter",
    help: "Attempts to collect an edition, by what came of it: collected, corrected, unchanged, absent, failed, held, layout-changed, interrupted.",
    labels: ["outcome"],
  },
  newsroom_alerts_total: {
    kind: "counter",
    help: "Editions of which people were told that something is wrong, by state.",
    labels: ["state"],
  },
  newsroom_editions: {
    kind: "gauge",
    help: "Editions of all sources by where they stand.",
    labels: ["state"],
  },
  newsroom_last_edition_age_seconds: {
    kind: "gauge",
    help: "Time since the newest collected edition of a public source was due.",
    labels: ["source"],
  },
  pages_read_again_total: {
    kind: "counter",
    help: "Tries at pages that were given up when their edition came in, by what came of them: read, given-up.",
    labels: ["outcome"],
  },
  prompt_runs_total: {
    kind: "counter",
    help: "Runs of prompts, by what came of them: waiting-for-review, approved, held, failed, cancelled.",
    labels: ["outcome"],
  },
  prompt_junk_total: {
    kind: "counter",
    help: "Replies of models to a prompt's batch that were of no use, by reason: not-json, empty-reply, uncited, cut-off.",
    labels: ["reason"],
  },
  security_events_total: {
    kind: "counter",
    help: "What looked like an attack, by kind.",
    labels: ["kind"],
  },
  shed_level: {
    kind: "gauge",
    help: "How much is shed, 0 to 3: nothing, planner and OCR, broadcasts and media, models.",
    labels: [],
  },
  line_pressure: {
    kind: "gauge",
    help: "The level that the thresholds ask for, 0 to 3, whoever decides.",
    labels: [],
  },
  event_streams_open: {
    kind: "gauge",
    help: "Live event streams that are open in this process.",
    labels: [],
  },
  webhook_deliveries_total: {
    kind: "counter",
    help: "Attempts to post an event to a tenant's program, by what came of it.",
    labels: ["outcome"],
  },
  webhook_delivery_seconds: {
    kind: "histogram",
    help: "Time from the call of a tenant's program to the end of its answer.",
    labels: [],
    buckets: REQUEST_SECONDS,
  },
};
