import { Button } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "../parts/icon.tsx";
import { tellFailure } from "../parts/tell.ts";
import { isWorking, type Run, useNewsroomRights, useRunSteps } from "./queries.ts";

const ApproveDialog = lazy(() => import("./approve-dialog.tsx"));
const RejectDialog = lazy(() => import("./reject-dialog.tsx"));

/** What one may decide of a run as it stands. */
export function ReviewActions({ run, etag }: { readonly run: Run; readonly etag: string }) {
  const { t } = useTranslation();
  const { mayChange } = useNewsroomRights();
  const { cancel, retry } = useRunSteps(run.id);
  const [dialog, setDialog] = useState<"approve" | "reject">();
  if (!mayChange) return null;
  const { state } = run;
  const close = () => setDialog(undefined);
  const isStuck = state === "held" || state === "failed";
  return (
    <>
      {(isWorking(run) || isStuck) && (
        <Button
          variant="default"
          loading={cancel.isPending}
          onClick={() => cancel.mutate(undefined, { onError: tellFailure })}
        >
          {t("newsroom.cancelRun")}
        </Button>
      )}
      {isStuck && (
        <Button
          leftSection={<Icon name="replay" size={16} />}
          loading={retry.isPending}
          onClick={() => retry.mutate(undefined, { onError: tellFailure })}
        >
          {t("newsroom.retryRun")}
        </Button>
      )}
      {(state === "waiting-for-review" || state === "held") && (
        <Button variant="default" onClick={() => setDialog("reject")}>
          {t("newsroom.reject")}
        </Button>
      )}
      {state === "waiting-for-review" && (
        <Button leftSection={<Icon name="tick" size={16} />} onClick={() => setDialog("approve")}>
          {t("newsroom.approve")}
        </Button>
      )}
      <Suspense fallback={null}>
        {dialog === "approve" && <ApproveDialog run={run} etag={etag} onClose={close} />}
        {dialog === "reject" && <RejectDialog run={run} etag={etag} onClose={close} />}
      </Suspense>
    </>
  );
}
