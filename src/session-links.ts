import { timingSafeEqual } from "node:crypto";
import type { Cipher } from "./core/cipher.ts";
import type { Clock } from "./core/clock.ts";
import { asId, type BotId, type TenantId } from "./core/ids.ts";

/** Long enough to fetch the phone, short enough that an address left in a chat is worth nothing. */
const LINK_MINUTES = 15;

const UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";
const TOKEN = new RegExp(`^(${UUID})\\.(${UUID})\\.(\\d{10,13})\\.([\\w-]{43})$`);

/** Addresses of the page that shows one bot's linking code: whoever has one may look until it expires. */
export interface SessionLinks {
  make(tenantId: TenantId, botId: BotId): { readonly token: string; readonly expiresAt: Date };
  /** Undefined for what we did not make, and from the moment of expiry. */
  read(
    token: string,
  ): { readonly tenantId: TenantId; readonly botId: BotId; readonly expiresAt: Date } | undefined;
}

/** The token is `TENANT.BOT.EXPIRY.SIGNATURE`: nothing is stored, and every process reads it. */
export function createSessionLinks(ports: {
  readonly hash: Cipher["hash"];
  readonly clock: Clock;
}): SessionLinks {
  const sign = (said: string) => ports.hash("session-link", said).toString("base64url");
  return {
    make(tenantId, botId) {
      const expiresAt = new Date(ports.clock.now().getTime() + LINK_MINUTES * 60_000);
      const said = `${tenantId}.${botId}.${expiresAt.getTime()}`;
      return { token: `${said}.${sign(said)}`, expiresAt };
    },
    read(token) {
      const [, tenantId, botId, expiry, signature] = TOKEN.exec(token) ?? [];
      if (tenantId === undefined || botId === undefined || signature === undefined)
        return undefined;
      const expected = sign(`${tenantId}.${botId}.${expiry}`);
      if (!timingSafeEqual(Buffer.from(signature), Buffer.from(expected))) return undefined;
      const expiresAt = new Date(Number(expiry));
      if (expiresAt <= ports.clock.now()) return undefined;
      return { tenantId: asId(tenantId), botId: asId(botId), expiresAt };
    },
  };
}
