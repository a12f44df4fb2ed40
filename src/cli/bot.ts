import type { AddBotInput, BotView, CommandContext, CommandPorts, Output } from "./ports.ts";
import { table } from "./terminal.ts";

export async function addBotCommand(
  ports: Pick<CommandPorts, "addBot">,
  input: AddBotInput,
  context: CommandContext,
  out: Output,
): Promise<number> {
  const bot = await ports.addBot(input, context);
  const username = bot.username === undefined ? "" : ` (@${bot.username})`;
  out.result(
    `Added ${bot.channel} bot "${bot.name}"${username}, id ${bot.botId}. It answers as soon as a running \`pregonero start\` has noticed it.`,
  );
  return 0;
}

export async function listBotsCommand(
  ports: Pick<CommandPorts, "listBots">,
  context: CommandContext,
  out: Output,
): Promise<number> {
  const bots = await ports.listBots({}, context);
  if (bots.length === 0) {
    out.progress("There is no bot yet. Add one with: pregonero bot add telegram --token TOKEN");
  } else {
    out.result(table([["ID", "CHANNEL", "NAME", "USER NAME"], ...bots.map(botRow)]));
  }
  return 0;
}

export async function removeBotCommand(
  ports: Pick<CommandPorts, "removeBot">,
  input: { readonly bot: string },
  context: CommandContext,
  out: Output,
): Promise<number> {
  const bot = await ports.removeBot(input, context);
  out.result(
    `Removed ${bot.channel} bot "${bot.name}". What was still queued for it will not be sent.`,
  );
  return 0;
}

function botRow(bot: BotView): string[] {
  return [bot.botId, bot.channel, bot.name, bot.username === undefined ? "" : `@${bot.username}`];
}
