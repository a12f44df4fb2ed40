import { z } from "zod";
import type { Operations } from "../access/describe-operations.ts";
import {
  BalanceShape,
  BookRequest,
  PaymentRequest,
  SetThresholdsRequest,
  TransactionShape,
  TransactionsQuery,
  TransactionsShape,
  UsageQuery,
  UsageShape,
} from "./contract.ts";

const invalid = { 400: "The request is not valid; `fields` says where." };
const taken = { 409: "The reference was booked before, for another tenant or amount." };

export const BALANCE_OPERATIONS: Operations = {
  "GET /api/v1/balance": {
    id: "getBalance",
    summary: "What is prepaid, and when its lowness is told",
    description:
      "At zero no model is asked: citizens are answered by quotations of the gazette, with their pages, and are told that it is a quotation.",
    gives: BalanceShape,
  },
  "PUT /api/v1/balance/thresholds": {
    id: "setBalanceThresholds",
    summary: "At which balances to tell that it is low: each once per crossing",
    takes: SetThresholdsRequest,
    gives: BalanceShape,
    otherwise: invalid,
  },
  "GET /api/v1/balance/transactions": {
    id: "listTransactions",
    summary: "The ledger, newest first",
    query: TransactionsQuery,
    gives: TransactionsShape,
    otherwise: invalid,
  },
  "POST /api/v1/balance/transactions": {
    id: "bookTransaction",
    summary: "Book a top-up or an adjustment by hand",
    description: "The same reference again is answered 200 and books nothing.",
    takes: BookRequest,
    gives: TransactionShape,
    status: 201,
    otherwise: { ...invalid, ...taken },
  },
  "GET /api/v1/balance/statement.csv": {
    id: "downloadStatement",
    summary: "The whole ledger as a spreadsheet",
    media: "text/csv",
  },
  "GET /api/v1/usage": {
    id: "listUsage",
    summary: "What models cost, by day (UTC), bot and model",
    query: UsageQuery,
    gives: UsageShape,
    otherwise: invalid,
  },
  "POST /api/v1/payments": {
    id: "tellPayment",
    summary: "A payment provider tells of a payment",
    description: "The same payment again is answered 200 and books nothing.",
    headers: { "Pregonero-Signature": z.string().openapi({ example: "t=1795300000,v1=5f…" }) },
    takes: PaymentRequest,
    gives: TransactionShape,
    status: 201,
    otherwise: { ...invalid, ...taken, 404: "There is no such tenant, or no secret is set." },
  },
};
