/** Writers of one group that are remembered, the latest to speak for the first time last. */
const MOST_WRITERS = 300;
const PREFIX = "writer:";

interface Writer {
  readonly key: string;
  readonly ids: readonly string[];
  readonly name: string | undefined;
}

/**
 * The key of somebody who writes in a group: given once, and kept when the page names them otherwise later. It names
 * people by what it shows (era D), by their phone or by their lid, and an account passes from one to another in the
 * midst of a day. A person has one id of each kind: two of one name and different ids are two people.
 * Undefined: the page tells nothing of them.
 */
export function keyOfWriter(
  aliases: readonly string[],
  sender: { readonly key?: string; readonly name?: string },
): { readonly key: string; readonly aliases: readonly string[] } | undefined {
  const first = sender.key ?? sender.name;
  if (first === undefined) return undefined;
  const writers = aliases.filter((alias) => alias.startsWith(PREFIX)).map(parseWriter);
  const found =
    writers.find(({ ids }) => sender.key !== undefined && ids.includes(sender.key)) ??
    writers.find((writer) => writer.name === sender.name && !isOtherPerson(writer, sender.key));
  const writer: Writer = found ?? { key: first, ids: [], name: sender.name };
  const ids = new Set([...writer.ids, ...(sender.key === undefined ? [] : [sender.key])]);
  const kept = [
    ...writers.filter((each) => each !== found),
    { key: writer.key, ids: [...ids], name: sender.name ?? writer.name },
  ];
  return {
    key: writer.key,
    aliases: [
      ...aliases.filter((alias) => !alias.startsWith(PREFIX)),
      ...kept.slice(-MOST_WRITERS).map((each) => `${PREFIX}${JSON.stringify(each)}`),
    ],
  };
}

function parseWriter(alias: string): Writer {
  return JSON.parse(alias.slice(PREFIX.length)) as Writer;
}

function isOtherPerson({ ids }: Writer, id: string | undefined): boolean {
  if (id === undefined) return false;
  return ids.some((known) => known !== id && kindOf(known) === kindOf(id));
}

/** What stands after the @: `c.us` or `lid`. */
function kindOf(id: string): string {
  return id.slice(id.indexOf("@") + 1);
}
