import { isPregoneroError } from "../../../core/errors.ts";
import type { ReachHost } from "../../../core/guarded-fetch.ts";
import type { PostOutcome, TargetAdapter } from "../../../core/publishing-work.ts";
import { checkCodeOf } from "../check-code.ts";
import { sendLetter } from "./send-letter.ts";
import { composeLetter, type Letter, messageIdOf, writeLetters } from "./write-letter.ts";

/**
 * Letters by a tenant's own mail server, one for each address, each a post of its own. SMTP tells nobody later what
 * became of a letter: one whose hand-over was cut off is in doubt, and bears the same Message-ID when it goes again.
 */
export function createEmailTarget(ports: {
  readonly reachHost: ReachHost;
}): TargetAdapter<"email"> {
  return {
    kind: "email",
    areIndependent: true,
    plan: (text, settings, publicUrl) =>
      writeLetters(text, settings, publicUrl).map((letter) => {
        const shown = `To: ${letter.to}\nSubject: ${letter.subject}\n\n${letter.text}`;
        return {
          text: shown,
          length: shown.length,
          limit: Number.MAX_SAFE_INTEGER,
          content: { ...letter },
        };
      }),

    async post(content, { settings, publicationId, position, createdAt, signal }) {
      const letter = content as unknown as Letter;
      const messageId = messageIdOf(publicationId, position, settings.from);
      const message = await composeLetter(letter, settings, { messageId, date: createdAt });
      const sent = await handOver(() =>
        sendLetter(ports.reachHost, settings, { to: letter.to, message }, signal),
      );
      return sent.kind === "sent" ? { kind: "sent", networkId: messageId } : sent;
    },

    async check(_tenantId, settings, signal) {
      const outcome = await handOver(() =>
        sendLetter(ports.reachHost, settings, undefined, signal),
      );
      if (outcome.kind === "sent") {
        const evidence = `${settings.host} takes the sign-in.`;
        return { isWell: true, code: "host-takes-sign-in", name: settings.host, evidence };
      }
      const evidence =
        (outcome.kind === "refused" ? outcome.needsAttention : undefined) ??
        `${settings.host}:${settings.port} could not be used (${outcome.reason}): check host, port and security.`;
      return { isWell: false, code: checkCodeOf(outcome), evidence };
    },
  };
}

/** A host that may not be reached, or has no address: nothing was sent. */
async function handOver(work: () => Promise<PostOutcome>): Promise<PostOutcome> {
  try {
    return await work();
  } catch (error) {
    if (!isPregoneroError(error)) throw error;
    return { kind: "refused", reason: error.code, retry: error.retry };
  }
}
