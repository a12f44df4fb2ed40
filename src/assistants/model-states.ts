import type { Breaker } from "../chain/breaker.ts";
import type { AssistantStore, ModelState, ModelStateKind, Route } from "../core/assistant.ts";
import { ROUTES } from "../core/assistant.ts";
import type { TenantId } from "../core/ids.ts";
import type { TokenUsage } from "../core/language-model.ts";
import type { MicroUsd, ModelSpending, Spending } from "../core/spending.ts";
import { modelNameOf, type OpenableModel } from "../open-models.ts";
import type { PriceList } from "./check-draft.ts";
import { type ResolverPorts, toOpenable } from "./resolve-assistants.ts";

/** What one answer reads and writes at most, as it is reserved: six passages, four sentences. */
const USUAL_CALL: TokenUsage = { input: 6_000, cachedInput: 0, output: 500 };

export interface ModelStatePorts extends Pick<ResolverPorts, "access" | "lookup"> {
  readonly store: Pick<AssistantStore, "load">;
  readonly spending: Pick<Spending, "listBudgets" | "balance" | "listSpending">;
  readonly priceList: () => Promise<PriceList>;
  readonly breakerOf: (name: string) => Breaker;
  /** The installation's chains. */
  readonly installed: Readonly<Record<Route, readonly OpenableModel[]>>;
}

/** Every link of every chain of the tenant, or of the installation's where the tenant has no assistant. */
export async function listModelStates(
  ports: ModelStatePorts,
  tenantId: TenantId,
): Promise<readonly ModelState[]> {
  const [{ assistants }, purse, spent, prices] = await Promise.all([
    ports.store.load(tenantId),
    readPurse(ports, tenantId),
    ports.spending.listSpending(tenantId),
    ports.priceList(),
  ]);
  const describe = (assistant: string | null, route: Route, models: readonly OpenableModel[]) =>
    models.map((model, index) => ({
      assistant,
      route,
      position: index + 1,
      ...describeLink(ports, model, { purse, spent, prices }),
    }));
  if (assistants.length === 0) {
    return ROUTES.flatMap((route) => describe(null, route, ports.installed[route]));
  }
  const asking = assistants.filter(({ settings }) => settings.quotesOnly !== true);
  return asking.flatMap(({ name, settings }) =>
    ROUTES.flatMap((route) => {
      const links = settings[route];
      const models =
        links.length === 0 && route === "usual"
          ? ports.installed.usual
          : links.flatMap((link) => toOpenable(link, tenantId, ports) ?? []);
      return describe(name, route, models);
    }),
  );
}

function describeLink(
  ports: ModelStatePorts,
  config: OpenableModel,
  known: {
    readonly purse: Purse;
    readonly spent: readonly ModelSpending[];
    readonly prices: PriceList;
  },
): Omit<ModelState, "assistant" | "route" | "position"> {
  const { purse, spent, prices } = known;
  const link = `${config.provider}:${config.model}`;
  const model = modelNameOf(config);
  const figures = spent.find((one) => one.model === model);
  const until = ports.breakerOf(config.breakerName ?? model).restsUntil();
  const price = prices.priceOf(link, USUAL_CALL);
  let state: ModelStateKind = "ok";
  if (config.needsKey) state = "needs-key";
  else if (until !== undefined) state = "resting";
  else if (price === undefined) state = purse.isBound ? "price-unknown" : "ok";
  else if (price > purse.left) state = "too-dear";
  return {
    link,
    model,
    state,
    restingUntil: state === "resting" && until !== undefined ? until.toISOString() : null,
    calls: figures?.calls ?? 0,
    costMicroUsd: figures?.cost ?? 0,
    firstTokenMs: figures?.firstTokenMs ?? null,
  };
}

interface Purse {
  /** The least that is left of any limit. Infinity: there is none. */
  readonly left: MicroUsd;
  readonly isBound: boolean;
}

async function readPurse({ spending }: ModelStatePorts, tenantId: TenantId): Promise<Purse> {
  const [budgets, balance] = await Promise.all([
    spending.listBudgets(tenantId),
    spending.balance(tenantId),
  ]);
  const rests = budgets.map(({ period, limit, spent, reserved }) =>
    // Of these two `spent` is that of whoever spent most: the next one has all of it.
    period === "message" || period === "contact-day" ? limit : limit - spent - reserved,
  );
  if (balance !== undefined) rests.push(balance.balance - balance.reserved);
  return { left: Math.min(Number.POSITIVE_INFINITY, ...rests), isBound: rests.length > 0 };
}
