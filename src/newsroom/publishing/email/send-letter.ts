import { Readable } from "node:stream";
import SMTPConnection from "nodemailer/lib/smtp-connection/index.js";
import type { ReachHost } from "../../../core/guarded-fetch.ts";
import type { SettingsOf } from "../../../core/publishing.ts";
import type { PostOutcome } from "../../../core/publishing-work.ts";

const CONNECT_TIMEOUT_MS = 10_000;
/** RFC 5321, 4.5.3.2 allows servers minutes; past this nobody knows. */
const SOCKET_TIMEOUT_MS = 60_000;

type EmailSettings = SettingsOf<"email">;

/** What became of one try to hand a letter over, or to sign in alone. */
export type HandOver = PostOutcome;

interface SmtpError {
  readonly code?: string;
  readonly responseCode?: number;
}

/**
 * Hands one letter over (RFC 5321). It is certain before DATA was taken up, and when the server answered after its end;
 * in between nobody knows. `letter` undefined: signs in, and says goodbye.
 */
export async function sendLetter(
  reachHost: ReachHost,
  settings: EmailSettings,
  letter: { readonly to: string; readonly message: Buffer } | undefined,
  signal: AbortSignal,
): Promise<HandOver> {
  const { host, port, security } = settings;
  const reached = await reachHost(host, port);
  if (security === "none" && reached.isPublic) return refusedForClearText();
  signal.throwIfAborted();
  const connection = new SMTPConnection({
    host: reached.address,
    port,
    servername: host,
    secure: security === "tls",
    requireTLS: security === "starttls",
    ignoreTLS: security === "none",
    tls: { servername: host },
    connectionTimeout: CONNECT_TIMEOUT_MS,
    greetingTimeout: CONNECT_TIMEOUT_MS,
    socketTimeout: SOCKET_TIMEOUT_MS,
  } as SMTPConnection.Options);
  let isWriting = false;
  const message = letter && lazily(letter.message, () => (isWriting = true));
  return new Promise((resolve) => {
    const settle = (outcome: HandOver) => {
      signal.removeEventListener("abort", giveUp);
      // A server that goes without a word after it took the letter changes nothing any more.
      connection.removeAllListeners("error").on("error", () => {});
      if (outcome.kind === "sent") connection.quit();
      else connection.close();
      resolve(outcome);
    };
    const fail = (error: SmtpError) => settle(readSmtpError(error, isWriting));
    const giveUp = () => fail({ code: "ETIMEDOUT" });
    signal.addEventListener("abort", giveUp, { once: true });
    connection.once("error", fail);
    connection.connect((problem) => {
      if (problem) return fail(problem as SmtpError);
      signIn(connection, settings, (refusal) => {
        if (refusal) return fail(refusal as SmtpError);
        if (letter === undefined || message === undefined) {
          return settle({ kind: "sent", networkId: undefined });
        }
        const envelope = { from: settings.from, to: letter.to };
        connection.send(envelope, message, (error, info) => {
          if (error) return fail(error as SmtpError);
          settle({ kind: "sent", networkId: String(info.response ?? "").slice(0, 200) });
        });
      });
    });
  });
}

function signIn(
  connection: SMTPConnection,
  { userName, password }: EmailSettings,
  done: (error: Error | null | undefined) => void,
): void {
  if (userName === undefined || userName === "") {
    done(undefined);
    return;
  }
  connection.login(
    { user: userName, pass: password ?? "" } as SMTPConnection.AuthenticationType,
    done,
  );
}

/** Read from the moment on at which the server asked for it. */
function lazily(message: Buffer, onRead: () => void): Readable {
  return new Readable({
    read() {
      onRead();
      this.push(message);
      this.push(null);
    },
  });
}

/** `isWriting`: the letter was on its way. */
export function readSmtpError(
  { code, responseCode }: SmtpError,
  isWriting: boolean,
): Exclude<PostOutcome, { kind: "sent" }> {
  if (code === "EAUTH" && (responseCode === undefined || responseCode >= 500)) {
    return {
      kind: "refused",
      reason: "bad-credentials",
      retry: "never",
      needsAttention:
        "The mail server does not accept user name and password: save the right ones here.",
    };
  }
  if (responseCode !== undefined && responseCode >= 500) {
    return { kind: "refused", reason: `smtp-${responseCode}`, retry: "never" };
  }
  // Come back later: greylisting, a full mailbox, a server that closes (RFC 5321, 4.2.1).
  if (responseCode !== undefined && responseCode >= 400) {
    return { kind: "refused", reason: `smtp-${responseCode}`, retry: "backoff" };
  }
  if (isWriting) return { kind: "unknown", reason: "no-answer-after-data" };
  if (code === "EENVELOPE" || code === "EMESSAGE") {
    return { kind: "refused", reason: "bad-envelope", retry: "never" };
  }
  const reason = code === "ETLS" ? "no-tls" : "unreachable";
  return { kind: "refused", reason, retry: "backoff" };
}

function refusedForClearText(): HandOver {
  return {
    kind: "refused",
    reason: "clear-text",
    retry: "never",
    needsAttention:
      "Without TLS mail is handed over inside your own network only: choose tls or starttls.",
  };
}
