import { type Request, type Response, Router } from "express";
import type { z } from "zod";
import type { Balances, Transaction } from "../../core/balance.ts";
import type { Clock } from "../../core/clock.ts";
import { asId, type TenantId } from "../../core/ids.ts";
import type { Spending } from "../../core/spending.ts";
import type { Tenants } from "../../core/tenants.ts";
import type { Authorise } from "../access/authorise.ts";
import { parseInput } from "../parse-input.ts";
import { allowOnly, notFound } from "../problem.ts";
import { callerOf, createRateLimit } from "../rate-limit.ts";
import { parseJson, readBody, readJson } from "../read-body.ts";
import { originOf } from "../request-origin.ts";
import {
  type BalanceShape,
  BookRequest,
  PaymentRequest,
  SetThresholdsRequest,
  type TransactionShape,
  TransactionsQuery,
  UsageQuery,
} from "./contract.ts";
import { requireSignature } from "./payment-signature.ts";
import { STATEMENT_HEAD, toStatementLines } from "./statement-csv.ts";

export interface BalancePorts {
  readonly balances: Balances;
  readonly spending: Pick<Spending, "balance">;
  readonly tenants: Pick<Tenants, "find">;
  readonly authorise: Pick<Authorise, "tenant">;
  /** Under which a payment provider signs; undefined: payments are booked by hand alone. */
  readonly paymentSecret: string | undefined;
  readonly clock: Clock;
}

const CALLS_PER_MINUTE = 120;
const PAYMENTS_PER_MINUTE = 60;
const MAX_PAYMENT_BYTES = 10_000;
const STATEMENT_PAGE = 1_000;

/** What a tenant has prepaid, what became of it, and what models cost. */
export function balanceRoutes(ports: BalancePorts): Router {
  const router = Router();
  const perTenant = createRateLimit("balance-per-tenant", CALLS_PER_MINUTE, 60);
  const identify = async (request: Request, response: Response) => {
    const caller = await ports.authorise.tenant(request, response);
    await perTenant.take(caller.tenantId, response);
    return caller;
  };
  addBalance(router, ports, identify);
  addTransactions(router, ports, identify);
  addPayments(router, ports);
  return router;
}

type Identify = (request: Request, response: Response) => ReturnType<Authorise["tenant"]>;

function addBalance(router: Router, { balances, spending }: BalancePorts, identify: Identify) {
  async function view(tenantId: TenantId): Promise<z.infer<typeof BalanceShape>> {
    const [account, thresholds] = await Promise.all([
      spending.balance(tenantId),
      balances.thresholds(tenantId),
    ]);
    return {
      balanceMicroUsd: account?.balance ?? null,
      reservedMicroUsd: account?.reserved ?? 0,
      thresholdsMicroUsd: [...thresholds],
      asksModels: account === undefined || account.balance > 0,
    };
  }
  router
    .route("/api/v1/balance")
    .get(async (request, response) => {
      const { tenantId } = await identify(request, response);
      response.json(await view(tenantId));
    })
    .all(allowOnly("GET"));
  router
    .route("/api/v1/balance/thresholds")
    .put(async (request, response) => {
      const by = await identify(request, response);
      const { thresholdsMicroUsd } = parseInput(SetThresholdsRequest, await readJson(request));
      await balances.setThresholds(by.tenantId, thresholdsMicroUsd, by);
      response.json(await view(by.tenantId));
    })
    .all(allowOnly("PUT"));
  router
    .route("/api/v1/usage")
    .get(async (request, response) => {
      const { tenantId } = await identify(request, response);
      const { from, until } = parseInput(UsageQuery, { ...request.query });
      const rows = await balances.usage(tenantId, from, until);
      const usage = rows.map(({ botId, cost, ...row }) => ({
        ...row,
        botId: botId ?? null,
        costMicroUsd: cost,
      }));
      response.json({ usage });
    })
    .all(allowOnly("GET"));
}

function addTransactions(router: Router, { balances }: BalancePorts, identify: Identify): void {
  router
    .route("/api/v1/balance/transactions")
    .get(async (request, response) => {
      const { tenantId } = await identify(request, response);
      const { cursor, limit } = parseInput(TransactionsQuery, { ...request.query });
      const found = await balances.list(tenantId, { before: cursor, limit: limit + 1 });
      const shown = found.slice(0, limit);
      const next = found.length > limit ? (shown.at(-1)?.id ?? null) : null;
      response.json({ transactions: shown.map(toShape), next });
    })
    .post(async (request, response) => {
      const by = await identify(request, response);
      const { amountMicroUsd, ...booking } = parseInput(BookRequest, await readJson(request));
      const { transaction, isRepeated } = await balances.book(
        by.tenantId,
        { ...booking, amount: amountMicroUsd },
        by,
      );
      response.status(isRepeated ? 200 : 201).json(toShape(transaction));
    })
    .all(allowOnly("GET", "POST"));
  router
    .route("/api/v1/balance/statement.csv")
    .get(async (request, response) => {
      const { tenantId } = await identify(request, response);
      response.setHeader("Content-Type", "text/csv; charset=utf-8");
      response.setHeader("Content-Disposition", 'attachment; filename="statement.csv"');
      response.write(STATEMENT_HEAD);
      let before: string | undefined;
      for (;;) {
        const lines = await balances.list(tenantId, { before, limit: STATEMENT_PAGE });
        response.write(toStatementLines(lines));
        before = lines.at(-1)?.id;
        if (lines.length < STATEMENT_PAGE || response.destroyed) break;
      }
      response.end();
    })
    .all(allowOnly("GET"));
}

/** Told by a payment provider: signed over the raw bytes, booked once by the payment's id. */
function addPayments(router: Router, ports: BalancePorts): void {
  const perCaller = createRateLimit("balance-per-caller", PAYMENTS_PER_MINUTE, 60);
  router
    .route("/api/v1/payments")
    .post(async (request, response) => {
      await perCaller.take(callerOf(request), response);
      const { paymentSecret: secret } = ports;
      if (secret === undefined) throw notFound();
      const body = await readBody(request, MAX_PAYMENT_BYTES);
      requireSignature(request.get("pregonero-signature"), body, {
        secret,
        now: ports.clock.now(),
      });
      const {
        paymentId,
        tenantId: given,
        amountMicroUsd,
      } = parseInput(PaymentRequest, parseJson(body));
      const tenantId = asId<TenantId>(given);
      if ((await ports.tenants.find(tenantId)) === undefined) {
        throw notFound("There is no such tenant.");
      }
      const booking = { kind: "top-up", amount: amountMicroUsd, reference: paymentId } as const;
      const by = { actor: "payment-provider", origin: originOf(request, response) };
      const { transaction, isRepeated } = await ports.balances.book(tenantId, booking, by);
      response.status(isRepeated ? 200 : 201).json(toShape(transaction));
    })
    .all(allowOnly("POST"));
}

function toShape(transaction: Transaction): z.infer<typeof TransactionShape> {
  return {
    id: transaction.id,
    kind: transaction.kind,
    amountMicroUsd: transaction.amount,
    balanceMicroUsd: transaction.balance,
    reference: transaction.reference ?? null,
    note: transaction.note ?? null,
    actor: transaction.actor,
    happenedAt: transaction.happenedAt.toISOString(),
  };
}
