import type { WebhookFeed } from "./webhook-feed.ts";

/** A business phone number, as an operator knows it. */
export interface StandInNumber {
  readonly phoneNumberId: string;
  readonly displayPhoneNumber: string;
  readonly verifiedName: string;
  readonly businessAccountId: string;
  readonly accessToken: string;
  readonly appSecret: string;
}

export interface Template {
  readonly name: string;
  readonly language: string;
  /** With `{{1}}` to `{{n}}`. */
  readonly text: string;
}

/** Where webhooks go: the number's own address before the account's before the app's. */
export interface Callbacks {
  number: string | undefined;
  account: string | undefined;
  app: string | undefined;
}

export interface NumberState extends StandInNumber {
  isRevoked: boolean;
  quality: "GREEN" | "YELLOW" | "RED";
  level: "STANDARD" | "HIGH";
  readonly isOnBusinessApp: boolean;
  readonly callbacks: Callbacks;
  readonly templates: Map<string, Template>;
  readonly feed: WebhookFeed;
}

export interface PersonState {
  /** Digits with country code. */
  phone: string;
  /** Business-scoped: what webhooks name the person by beside the phone, or instead of it. */
  userId: string | undefined;
  readonly name: string;
  /** A user name was taken: the phone number is in no webhook. */
  hidesPhone: boolean;
  isOnWhatsApp: boolean;
  readonly blocked: Set<string>;
  /** By phone number id: when the person last wrote, which opens the window. */
  readonly wroteAtMs: Map<string, number>;
  readonly typingUntilMs: Map<string, number>;
}

export type MessageStatus = "accepted" | "sent" | "delivered" | "read" | "failed";

/** A message that a number has sent and WhatsApp has accepted. */
export interface SentMessage {
  readonly wamid: string;
  readonly phoneNumberId: string;
  readonly person: PersonState;
  readonly type: string;
  /** Body, caption, or the filled-in template. */
  readonly text: string;
  /** Reply buttons or rows of a list. */
  readonly choices: readonly {
    readonly id: string;
    readonly title: string;
    readonly description?: string;
  }[];
  readonly document:
    | { readonly fileName: string; readonly mimeType: string; readonly bytes: Buffer }
    | undefined;
  readonly template: string | undefined;
  /** `biz_opaque_callback_data`. */
  readonly echo: string | undefined;
  readonly atMs: number;
  status: MessageStatus;
}

export interface HeldMedia {
  readonly bytes: Buffer;
  readonly mimeType: string;
  readonly statedBytes: number | undefined;
  /** Where Graph says that it is; undefined: here. */
  readonly url: string | undefined;
}

export interface World {
  /** By phone number id. */
  readonly numbers: Map<string, NumberState>;
  /** By phone. */
  readonly people: Map<string, PersonState>;
  readonly sent: SentMessage[];
  /** Who wrote each message that came in, by its wamid. */
  readonly incoming: Map<string, PersonState>;
  readonly media: Map<string, HeldMedia>;
  nextId: number;
}

export function createWorld(): World {
  return {
    numbers: new Map(),
    people: new Map(),
    sent: [],
    incoming: new Map(),
    media: new Map(),
    nextId: 1,
  };
}

export function makeWamid(world: World): string {
  const unique = `stand-in-${world.nextId++}-${"x".repeat(12)}`;
  return `wamid.${Buffer.from(unique).toString("base64")}`;
}

export function findPerson(world: World, address: string): PersonState | undefined {
  return (
    world.people.get(address) ??
    [...world.people.values()].find((person) => person.userId === address)
  );
}
