import { expect, it } from "vitest";
import { CHECKLIST_PAGE, checklistProblems, writeChecklist } from "../../security/checklist.ts";
import { CHECKLIST } from "../../security/checklist-rows.ts";

it("has all 66 lines, each with tests that are there or a reason", () => {
  const ids = Array.from({ length: 66 }, (_, at) => `S${String(at + 1).padStart(2, "0")}`);
  expect(CHECKLIST.map(({ id }) => id)).toEqual(ids);
  expect(checklistProblems()).toEqual([]);
});

it("is the page that people read", async () => {
  await expect(writeChecklist()).toMatchFileSnapshot(CHECKLIST_PAGE);
});
