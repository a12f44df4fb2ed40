import path from "node:path";
import { startServerProcess } from "../test/services/harness/server-process.ts";
import type { PostPlan, PostReport } from "./post-webhooks.ts";

/** Posts updates from a process of its own, so that measuring does not wait for what is measured. */
export async function postWebhooks(plan: PostPlan): Promise<PostReport> {
  const poster = startServerProcess(
    process.execPath,
    [path.join(import.meta.dirname, "post-webhooks.js"), JSON.stringify(plan)],
    { env: { PATH: process.env.PATH } },
  );
  await poster.printed(/^report .*$/m, 600_000);
  await poster.ended;
  const text = /^report (.*)$/m.exec(poster.logs())?.[1] ?? "";
  return JSON.parse(text) as PostReport;
}
