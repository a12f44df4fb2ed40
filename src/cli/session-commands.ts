import type { BotAccount } from "../core/channel.ts";
import { hasSession, type SessionDesk } from "../session-desk.ts";
import type { BotView, CommandPorts } from "./ports.ts";

/** The commands about sessions, carried out by this process. */
export function sessionCommands(options: {
  readonly desk: SessionDesk;
  readonly actor: string;
  /** The bot that a person named. Throws `bot-unknown`. */
  readonly find: (wanted: string) => BotAccount;
  readonly view: (bot: BotAccount) => BotView;
  /** Whether any process could hold a session now. */
  readonly canBeHeld: boolean;
  /** Where the installation's pages are, if it knows. */
  readonly siteUrl: () => string | undefined;
}): Pick<CommandPorts, "readSession" | "askSession" | "linkSession"> {
  const { desk, actor, find, view, canBeHeld, siteUrl } = options;
  return {
    async readSession({ bot: wanted, withCode = false }) {
      const bot = find(wanted);
      const { report, isAttended } = await desk.read(bot);
      const code = withCode ? await desk.readCode(bot) : undefined;
      const sessionState = report?.state;
      return { bot: { ...view(bot), sessionState }, report, isAttended, canBeHeld, code };
    },
    async askSession({ bot: wanted, request }, { signal }) {
      const answer = await desk.ask(find(wanted), request, { actor, signal });
      const { outcome, isDone, png } = answer;
      const image = png === undefined ? undefined : Buffer.from(png).toString("base64");
      return { outcome, isDone, image };
    },
    async linkSession({ bot: wanted }) {
      const { path, expiresAt } = await desk.link(find(wanted), actor);
      const site = siteUrl();
      return { url: site === undefined ? undefined : site + path, path, expiresAt };
    },
  };
}

/** The bots with the state of those that are sessions. */
export function withSessionStates(
  desk: SessionDesk,
  bots: readonly BotAccount[],
  view: (bot: BotAccount) => BotView,
): Promise<readonly BotView[]> {
  return Promise.all(
    bots.map(async (bot) => {
      if (!hasSession(bot)) return view(bot);
      const { report } = await desk.read(bot);
      return { ...view(bot), sessionState: report?.state };
    }),
  );
}
