import type { Command } from "commander";
import type { CommandContext, CommandPorts, Output } from "./ports.ts";
import {
  addSourceCommand,
  backfillSourceCommand,
  calendarCommand,
  collectSourceCommand,
  listSourcesCommand,
  pauseSourceCommand,
  removeSourceCommand,
} from "./source.ts";

type Run = (
  command: string,
  work: (ports: CommandPorts, context: CommandContext) => Promise<number>,
) => Promise<void>;

/** `source …`: public gazettes whose editions are collected. */
export function addSources(program: Command, run: Run, out: Output): void {
  const source = program.command("source").description("gazettes whose editions are collected");
  source
    .command("list")
    .description("each with its newest edition")
    .action(() => run("source list", (ports, context) => listSourcesCommand(ports, context, out)));
  source
    .command("add")
    .description("from a preset: la-gaceta, la-gaceta-alcances, boletin-judicial, boe, dof, dou")
    .argument("[preset]")
    .option("--file <path>", "instead of all else: JSON, as POST /api/v1/sources takes it")
    .option("--url <address>", "instead of the preset's, with {yyyy}, {MM} and {dd}")
    .option("--host <name...>", "hosts that may be asked (default: the preset's)")
    .option("--since <date>", "expected from this date on (default: today)")
    .action(
      (
        preset: string | undefined,
        {
          file,
          url,
          host,
          since,
        }: { file?: string; url?: string; host?: readonly string[]; since?: string },
      ) =>
        run("source add", (ports, context) =>
          addSourceCommand(ports, { preset, file, url, hosts: host, since }, context, out),
        ),
    );
  source
    .command("remove")
    .description("collect it no more; its editions stay")
    .argument("<source>")
    .action((slug: string) =>
      run("source remove", (ports, context) =>
        removeSourceCommand(ports, { source: slug }, context, out),
      ),
    );
  for (const [verb, isPaused] of [
    ["pause", true],
    ["resume", false],
  ] as const) {
    source
      .command(verb)
      .description(isPaused ? "look for nothing until it is resumed" : "look for its editions")
      .argument("<source>")
      .action((slug: string) =>
        run(`source ${verb}`, (ports, context) =>
          pauseSourceCommand(ports, { source: slug, isPaused }, context, out),
        ),
      );
  }
  source
    .command("collect")
    .description("look for one edition now")
    .argument("<source>")
    .option("--date <date>", "default: today")
    .action((slug: string, { date }: { date?: string }) =>
      run("source collect", (ports, context) =>
        collectSourceCommand(ports, { source: slug, date }, context, out),
      ),
    );
  source
    .command("backfill")
    .description("collect a range of days that have passed")
    .argument("<source>")
    .requiredOption("--from <date>")
    .requiredOption("--until <date>")
    .action((slug: string, { from, until }: { from: string; until: string }) =>
      run("source backfill", (ports, context) =>
        backfillSourceCommand(ports, { source: slug, from, until }, context, out),
      ),
    );
  source
    .command("calendar")
    .description("the editions of a month, and where each stands")
    .argument("<source>")
    .option("--month <month>", "such as 2026-11 (default: this one)")
    .action((slug: string, { month }: { month?: string }) =>
      run("source calendar", (ports, context) =>
        calendarCommand(ports, { source: slug, month }, context, out),
      ),
    );
}
