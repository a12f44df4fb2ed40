import { randomUUID } from "node:crypto";
import { PregoneroError } from "../core/errors.ts";
import { asId, type PromptRunId, type TenantId } from "../core/ids.ts";
import type { Publication } from "../core/publishing.ts";
import type { PublishingDesk } from "../newsroom/publishing/publishing-desk.ts";
import type { CommandContext, Output } from "./ports.ts";
import type { PublicationRowView, PublicationVerb, PublishCommandPorts } from "./publish-ports.ts";
import { table } from "./terminal.ts";

const LISTED = 50;
const WHO_POSTS =
  "The process with the role `scheduler` posts it. See how it stands with: pregonero publish list";

export function publishCommands({
  publishing,
  tenantId,
  actor,
}: {
  readonly publishing: PublishingDesk;
  readonly tenantId: TenantId;
  readonly actor: string;
}): PublishCommandPorts {
  const { store } = publishing;
  const by = { actor };
  async function view(id: string): Promise<PublicationRowView> {
    const found = await store.find(tenantId, id);
    if (found === undefined) throw notFound("publication", id);
    return toRow(found.publication);
  }
  return {
    async listPublications() {
      const page = await store.list(tenantId, {}, { after: undefined, limit: LISTED });
      return page.entries.map(toRow);
    },
    async listTargets() {
      const targets = await store.listTargets(tenantId);
      return targets.map(({ targetId, name, settings, state, attention }) => ({
        id: targetId,
        name,
        kind: settings.kind,
        state,
        attention: attention ?? null,
      }));
    },
    async publishNow({ run, targets }) {
      const all = await store.listTargets(tenantId);
      const chosen =
        targets.length === 0
          ? all.filter(({ state }) => state === "active")
          : targets.map((named) => {
              const found = all.find(({ targetId, name }) => targetId === named || name === named);
              if (found === undefined) throw notFound("target", named);
              return found;
            });
      const targetIds = chosen.map(({ targetId }) => targetId);
      const order = {
        runId: asId<PromptRunId>(run),
        targetIds,
        at: undefined,
        timeZone: undefined,
      };
      const ids = await publishing.publish(tenantId, order, randomUUID(), by);
      return Promise.all(ids.map(view));
    },
    async stepPublication({ id, verb }) {
      await store.take(tenantId, id, { kind: verb }, by);
      return view(id);
    },
  };
}

function toRow(publication: Publication): PublicationRowView {
  return {
    id: publication.publicationId,
    target: publication.targetName,
    state: publication.state,
    reason: publication.reason ?? null,
    scheduledFor: publication.scheduledFor.toISOString(),
  };
}

function notFound(what: string, named: string): PregoneroError {
  return new PregoneroError(
    "not-found",
    `There is no ${what} "${named.slice(0, 100)}". See them with: pregonero publish ${what === "target" ? "targets" : "list"}`,
    { status: 404 },
  );
}

export async function listPublicationsCommand(
  ports: PublishCommandPorts,
  context: CommandContext,
  out: Output,
): Promise<number> {
  show(await ports.listPublications({}, context), out);
  return 0;
}

export async function listTargetsCommand(
  ports: PublishCommandPorts,
  context: CommandContext,
  out: Output,
): Promise<number> {
  const targets = await ports.listTargets({}, context);
  if (targets.length === 0) out.result("There is no target yet: POST /api/v1/publishing-targets.");
  else {
    const rows = targets.map(({ id, name, kind, state, attention }) => [
      id,
      name,
      kind,
      state,
      attention ?? "",
    ]);
    out.result(table([["ID", "NAME", "KIND", "STATE", "WHAT TO DO"], ...rows]));
  }
  return 0;
}

export async function publishNowCommand(
  ports: PublishCommandPorts,
  input: { readonly run: string; readonly targets: readonly string[] },
  context: CommandContext,
  out: Output,
): Promise<number> {
  show(await ports.publishNow(input, context), out);
  out.progress(WHO_POSTS);
  return 0;
}

export async function stepPublicationCommand(
  ports: PublishCommandPorts,
  input: { readonly id: string; readonly verb: PublicationVerb },
  context: CommandContext,
  out: Output,
): Promise<number> {
  show([await ports.stepPublication(input, context)], out);
  return 0;
}

function show(publications: readonly PublicationRowView[], out: Output): void {
  if (publications.length === 0) {
    out.result("Nothing was published yet.");
    return;
  }
  const rows = publications.map(({ id, target, state, reason, scheduledFor }) => [
    id,
    target,
    state,
    reason ?? "",
    scheduledFor,
  ]);
  out.result(table([["ID", "TARGET", "STATE", "WHY", "TIME"], ...rows]));
}
