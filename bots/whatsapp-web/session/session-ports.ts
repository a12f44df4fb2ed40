import type { Page } from "playwright-core";
import type { BotAccount } from "../../../src/core/channel.ts";
import type { Clock } from "../../../src/core/clock.ts";
import type { PhoneReplies } from "../../../src/core/hand-over.ts";
import type { Logger } from "../../../src/core/logger.ts";
import type { MediaFiles } from "../../../src/core/media-files.ts";
import type { IncomingMessage } from "../../../src/core/message.ts";
import type { Metrics } from "../../../src/core/metrics.ts";
import type { Receipts } from "../../../src/core/receipt.ts";
import type { ChatMarks, SessionStore } from "../../../src/core/session.ts";
import type { PageReader } from "../detection/page-reader.ts";
import type { EngineMaker, HumanPauses } from "./engine.ts";

/** What one session is handed. `signal` ends it. */
export interface SessionPorts {
  readonly bot: BotAccount;
  readonly url: string;
  readonly chromiumPath: string;
  readonly profilesDirectory: string;
  readonly sessions: SessionStore;
  readonly marks: ChatMarks;
  readonly receipts: Receipts;
  readonly phoneReplies: PhoneReplies;
  readonly files: MediaFiles;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly pauses: HumanPauses;
  readonly maker: EngineMaker;
  readonly makeReader: (page: Page) => Promise<PageReader>;
  readonly accept: (messages: readonly IncomingMessage[]) => Promise<void>;
  readonly signal: AbortSignal;
  /** The state may have changed. */
  readonly onState: () => void;
}
