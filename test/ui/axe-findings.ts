import axe from "axe-core";
import type { Page } from "playwright-core";

export interface AxeFinding {
  readonly id: string;
  /** The beginnings of the elements that it is about, four at most. */
  readonly at: readonly string[];
}

interface Violation {
  readonly id: string;
  readonly impact: string | null;
  readonly nodes: readonly { readonly html: string }[];
}

/** What axe calls serious or critical of the page as it stands now. */
export async function findSeriousFindings(page: Page): Promise<readonly AxeFinding[]> {
  if (!(await page.evaluate("'axe' in globalThis"))) await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const page = globalThis as unknown as {
      axe: { run(options: object): Promise<{ violations: Violation[] }> };
    };
    const { violations } = await page.axe.run({ resultTypes: ["violations"] });
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(({ id, nodes }) => ({
        id,
        at: nodes.slice(0, 4).map(({ html }) => html.slice(0, 160)),
      }));
  });
}
