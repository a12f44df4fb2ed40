import type { GazetteDate } from "./gazette.ts";
import type { TenantId } from "./ids.ts";

/** What a tenant has of what its first answers need. */
export interface GettingStarted {
  /** The newest one that its bots can cite. Undefined: there is none yet. */
  readonly edition:
    | {
        readonly source: string;
        readonly name: string;
        readonly date: GazetteDate;
        readonly number: string | undefined;
      }
    | undefined;
  /** Gazettes that are collected for it by themselves; those that are paused are not counted. */
  readonly sourceCount: number;
  /** Documents of its own that answers can cite. */
  readonly documentCount: number;
  /** Somebody wrote to one of its bots. */
  readonly wasAsked: boolean;
  /** People who may sign in. */
  readonly peopleCount: number;
  /** Subscriptions that are told of news. */
  readonly subscriptionCount: number;
}

export interface GettingStartedReader {
  read(tenantId: TenantId): Promise<GettingStarted>;
}
