import type { FeedItem } from "./webhook-feed.ts";
import {
  makeWamid,
  type NumberState,
  type PersonState,
  type SentMessage,
  type StandInNumber,
  type World,
} from "./world.ts";

export interface SayOptions {
  /** To whom; the only number when not said. */
  readonly number?: StandInNumber;
  /** The message of ours that this answers. */
  readonly replyTo?: string;
  readonly groupId?: string;
}

/** Somebody with WhatsApp. What they do reaches the number's webhook; `wamid` is the id of their message. */
export interface StandInPerson {
  readonly phone: string;
  readonly state: PersonState;
  write(text: string, options?: SayOptions): string;
  /** Taps a reply button or chooses a row of a list. */
  tap(message: SentMessage, choiceId: string): string;
  /** `media` is what webhooks call it, e.g. `image`; the file must be known by `addMedia`. */
  sendMedia(
    media: "image" | "audio" | "video" | "document" | "sticker",
    file: { id: string; mime_type: string; caption?: string; voice?: boolean; filename?: string },
    options?: SayOptions,
  ): string;
  /** A message of any type, as webhooks have it: `{ type, [type]: … }`. */
  sendRaw(message: Readonly<Record<string, unknown>>, options?: SayOptions): string;
  edit(wamid: string, text: string, options?: SayOptions): string;
  /** Deletes a message for everybody. */
  revoke(wamid: string, options?: SayOptions): string;
  react(wamid: string, emoji: string, options?: SayOptions): string;
  /** Has another number from now on, and with it another id. */
  changeNumber(phone: string, userId?: string, options?: SayOptions): void;
  /** Opens the chat: everything that was delivered is read. */
  read(options?: SayOptions): void;
  /** What is sent from now on is accepted, and fails later. */
  block(options?: SayOptions): void;
  unblock(options?: SayOptions): void;
  /** Deletes the account: nothing is accepted. */
  leave(): void;
}

export interface PeoplePorts {
  readonly world: World;
  readonly now: () => number;
  readonly onSaid: (phone: string, phoneNumberId: string, message: object) => void;
  readonly onRead: (message: SentMessage) => void;
}

export function createPerson(ports: PeoplePorts, state: PersonState): StandInPerson {
  const { world, now } = ports;

  const say: StandInPerson["sendRaw"] = (message, options = {}) => {
    const number = resolveNumber(world, options.number);
    const wamid = makeWamid(world);
    const item = toItem(state, number, { ...message, id: wamid }, options, now());
    if (message.type !== "system" && message.type !== "revoke") {
      state.wroteAtMs.set(number.phoneNumberId, now());
    }
    world.incoming.set(wamid, state);
    number.feed.push(item);
    ports.onSaid(state.phone, number.phoneNumberId, { ...message, id: wamid });
    return wamid;
  };

  return {
    get phone() {
      return state.phone;
    },
    state,
    sendRaw: say,
    write: (text, options) => say({ type: "text", text: { body: text } }, options),
    tap(message, choiceId) {
      const choice = message.choices.find(({ id }) => id === choiceId);
      if (choice === undefined) throw new Error(`The message offers no ${choiceId}`);
      const isList = message.choices.length > 3 || choice.description !== undefined;
      const kind = isList ? "list_reply" : "button_reply";
      return say(
        { type: "interactive", interactive: { type: kind, [kind]: choice } },
        { number: resolveNumber(world, message), replyTo: message.wamid },
      );
    },
    sendMedia: (media, file, options) => say({ type: media, [media]: file }, options),
    edit: (wamid, text, options) =>
      say(
        {
          type: "edit",
          edit: { original_message_id: wamid, message: { type: "text", text: { body: text } } },
        },
        options,
      ),
    revoke: (wamid, options) =>
      say({ type: "revoke", revoke: { original_message_id: wamid } }, options),
    react: (wamid, emoji, options) =>
      say({ type: "reaction", reaction: { message_id: wamid, emoji } }, options),
    changeNumber(phone, userId, options) {
      const previous = { phone: state.phone, userId: state.userId };
      say(
        {
          type: "system",
          system: {
            body: `User changed from ${previous.phone} to ${phone}`,
            wa_id: phone,
            type: "user_changed_number",
            ...(userId !== undefined && { user_id: userId, previous_user_id: previous.userId }),
          },
        },
        options,
      );
      world.people.delete(state.phone);
      state.phone = phone;
      state.userId = userId;
      world.people.set(phone, state);
    },
    read({ number } = {}) {
      const { phoneNumberId } = resolveNumber(world, number);
      for (const message of world.sent) {
        const isOwn = message.person === state && message.phoneNumberId === phoneNumberId;
        if (isOwn && message.status === "delivered") ports.onRead(message);
      }
    },
    block: ({ number } = {}) => {
      state.blocked.add(resolveNumber(world, number).phoneNumberId);
    },
    unblock: ({ number } = {}) => {
      state.blocked.delete(resolveNumber(world, number).phoneNumberId);
    },
    leave() {
      state.isOnWhatsApp = false;
    },
  };
}

function toItem(
  person: PersonState,
  number: NumberState,
  message: Readonly<Record<string, unknown>>,
  { replyTo, groupId }: SayOptions,
  nowMs: number,
): FeedItem {
  const own = number.displayPhoneNumber.replace(/\D/g, "");
  const isSystem = message.type === "system";
  return {
    kind: "message",
    message: {
      ...(!person.hidesPhone && { from: person.phone }),
      ...(person.userId !== undefined && !isSystem && { from_user_id: person.userId }),
      ...(groupId !== undefined && { group_id: groupId }),
      ...(replyTo !== undefined && { context: { from: own, id: replyTo } }),
      timestamp: String(Math.floor(nowMs / 1000)),
      ...message,
    },
    // Messages of the system come without contacts.
    contact: isSystem
      ? undefined
      : {
          profile: { name: person.name },
          ...(!person.hidesPhone && { wa_id: person.phone }),
          ...(person.userId !== undefined && { user_id: person.userId }),
        },
  };
}

export function resolveNumber(
  world: World,
  number: { readonly phoneNumberId: string } | undefined,
): NumberState {
  const found =
    number === undefined ? [...world.numbers.values()][0] : world.numbers.get(number.phoneNumberId);
  if (found === undefined) throw new Error("The stand-in has no such number");
  return found;
}
