import type { Command } from "commander";
import type { CommandContext, CommandPorts, Output } from "./ports.ts";
import {
  listPublicationsCommand,
  listTargetsCommand,
  publishNowCommand,
  stepPublicationCommand,
} from "./publish.ts";
import { PUBLICATION_VERBS, type PublicationVerb } from "./publish-ports.ts";

type Run = (
  command: string,
  work: (ports: CommandPorts, context: CommandContext) => Promise<number>,
) => Promise<void>;

const MEANINGS: Readonly<Record<PublicationVerb, string>> = {
  cancel: "post nothing more of it",
  retry: "try again what failed",
  resend: "post again what is in doubt: somebody looked, and it is not there",
  accept: "take what is in doubt for posted: somebody looked, and it is there",
};

/** `publish …`: approved texts on their way to X, channels, pages and letters. */
export function addPublishing(program: Command, run: Run, out: Output): void {
  const publish = program.command("publish").description("approved texts, and where they go");
  publish
    .command("list")
    .description("the newest fifty, and where each stands")
    .action(() =>
      run("publish list", (ports, context) => listPublicationsCommand(ports, context, out)),
    );
  publish
    .command("targets")
    .description("where is published, and what stands in the way")
    .action(() =>
      run("publish targets", (ports, context) => listTargetsCommand(ports, context, out)),
    );
  publish
    .command("now")
    .description("publish an approved run")
    .argument("<run>")
    .argument("[target...]", "ids or names (default: all that are active)")
    .action((id: string, targets: string[]) =>
      run("publish now", (ports, context) =>
        publishNowCommand(ports, { run: id, targets }, context, out),
      ),
    );
  for (const verb of PUBLICATION_VERBS) {
    publish
      .command(verb)
      .description(MEANINGS[verb])
      .argument("<publication>")
      .action((id: string) =>
        run(`publish ${verb}`, (ports, context) =>
          stepPublicationCommand(ports, { id, verb }, context, out),
        ),
      );
  }
}
