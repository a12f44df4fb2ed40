import type { Transaction } from "../database.ts";
import { readKnowledgeScope } from "../documents/knowledge-scope.ts";

/** Slugs of the gazettes that a bot speaks of: those of its assistant's knowledge sets. Undefined: all there are. */
export async function gazettesOfBot(
  tx: Transaction,
  botId: string,
): Promise<readonly string[] | undefined> {
  const [row] = await tx.query<{ names: readonly string[] | null }>(
    {
      name: "gazettes-of-bot",
      text: `select a.settings -> 'conduct' -> 'knowledgeSets' as names
             from bot b join assistant a on a.id = b.assistant_id or b.assistant_id is null and a.is_default
             where b.id = $1`,
    },
    [botId],
  );
  const names = row?.names ?? [];
  if (names.length === 0) return undefined;
  const scope = await readKnowledgeScope(tx, names);
  return scope.allGazettes ? undefined : scope.gazettes;
}
