import { describe, expect, it } from "vitest";
import { asId, type TenantId } from "../../core/ids.ts";
import { createSideBySide } from "./side-by-side.ts";

const [ONE, OTHER] = ["1", "2"].map((digit) =>
  asId<TenantId>(`${digit.repeat(8)}-1111-4111-8111-111111111111`),
) as [TenantId, TenantId];

describe("searches of one tenant's contacts", () => {
  it("run four at a time, keep nobody else from theirs, and go on when one has ended", async () => {
    const run = createSideBySide();
    const ends: (() => void)[] = [];
    const search = () => run(ONE, () => new Promise<void>((resolve) => ends.push(resolve)));
    const begun = [search(), search(), search(), search()];
    await expect(search()).rejects.toMatchObject({
      code: "too-many-requests",
      retry: { afterMs: 1_000 },
    });
    expect(await run(OTHER, async () => "theirs")).toBe("theirs");
    ends[0]?.();
    await begun[0];
    await expect(run(ONE, () => Promise.reject(new Error("failed")))).rejects.toThrow("failed");
    const again = search();
    for (const end of ends) end();
    await Promise.all([...begun, again]);
  });
});
