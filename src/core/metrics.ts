/** Every metric there is; src/telemetry describes each. A misspelt one does not compile. */
export type MetricName =
  | "http_request_seconds"
  | "webhook_seconds"
  | "inbox_messages_total"
  | "feedback_total"
  | "turns_total"
  | "turn_seconds"
  | "questions_refused_total"
  | "outbox_parts_total"
  | "campaign_recipients_total"
  | "alert_matches_total"
  | "alert_matching_seconds"
  | "news_messages_total"
  | "send_seconds"
  | "model_calls_total"
  | "model_first_token_seconds"
  | "model_call_seconds"
  | "model_tokens_total"
  | "model_cost_usd_total"
  | "model_fallbacks_total"
  | "model_cache_total"
  | "breaker_state"
  | "inbox_pending"
  | "inbox_oldest_seconds"
  | "inbox_dead"
  | "outbox_queued"
  | "outbox_unknown"
  | "session_starts_total"
  | "session_state"
  | "session_reading_drifts_total"
  | "session_packs_refused_total"
  | "balance_notices_total"
  | "document_versions_total"
  | "publications_total"
  | "publication_posts_total"
  | "newsroom_attempts_total"
  | "newsroom_alerts_total"
  | "newsroom_editions"
  | "newsroom_last_edition_age_seconds"
  | "pages_read_again_total"
  | "prompt_runs_total"
  | "prompt_junk_total"
  | "security_events_total"
  | "shed_level"
  | "line_pressure"
  | "event_streams_open"
  | "webhook_deliveries_total"
  | "webhook_delivery_seconds";

/**
 * Counters and histograms by name. Label values come from closed sets (channel, outcome, code),
 * never from tenants or people, so that the number of series is bounded.
 */
export interface Metrics {
  count(name: MetricName, labels?: Readonly<Record<string, string>>, by?: number): void;
  /** `value` in the unit that the name ends with (`_seconds`, `_bytes`). */
  observe(name: MetricName, value: number, labels?: Readonly<Record<string, string>>): void;
  gauge(name: MetricName, value: number, labels?: Readonly<Record<string, string>>): void;
}

export const noMetrics: Metrics = { count() {}, observe() {}, gauge() {} };
