import type { HeldSource } from "../../core/collection.ts";
import type { GazetteDate } from "../../core/gazette.ts";
import type { CollectedDocument, Reason } from "../../core/newsroom.ts";
import type { Trouble } from "./edition-states.ts";

/** What a person must look at outweighs what passes, and that what is simply not there yet. */
const GRAVITY = { absent: 0, failed: 1, "layout-changed": 2, held: 3 } as const;

export function isGraver(found: Trouble, than: Trouble): boolean {
  return GRAVITY[found.kind] > GRAVITY[than.kind];
}

/** An edition of which nobody has anything. */
export function nothingYet({ settings }: HeldSource, addressCount: number): Trouble {
  const absent = (code: string, detail: string): Trouble => ({
    kind: "absent",
    reason: { code, detail },
  });
  switch (settings.locator.kind) {
    case "upload":
      return absent("not-sent", "Nobody has sent it yet.");
    case "folder":
      return absent("not-there", "Nobody has put it into its folder yet.");
    case "numbered":
      return absent("not-there", "No number leads to one of that day.");
    case "address":
    case "listing":
      return absent(
        "not-there",
        addressCount === 0 ? "The listing does not name it yet." : "It is not at its address yet.",
      );
  }
  settings.locator satisfies never;
}

export function otherDate({ documentName }: CollectedDocument, date: GazetteDate): Reason {
  return {
    code: "same-as-another-date",
    detail: `${documentName} is, byte for byte, the edition of ${date}.`,
  };
}
