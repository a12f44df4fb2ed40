import { Alert, Button, Stack, Text } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "../parts/icon.tsx";
import { type Run, useNewsroomRights, usePrompt } from "./queries.ts";
import { Refusal } from "./refusal.tsx";

const RunDialog = lazy(() => import("./run-dialog.tsx"));

/** Pages came to be read that this result knows nothing of: what is published of it leaves them out. */
export function Outdated({ run }: { readonly run: Run }) {
  const { t } = useTranslation();
  const { mayChange } = useNewsroomRights();
  const [isAsked, setAsked] = useState(false);
  return (
    <Alert color="yellow" variant="light" title={t("newsroom.outdated")}>
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{t("newsroom.outdatedHint")}</Text>
        {mayChange && (
          <Button
            size="xs"
            leftSection={<Icon name="replay" size={16} />}
            onClick={() => setAsked(true)}
          >
            {t("newsroom.runAgain")}
          </Button>
        )}
      </Stack>
      {isAsked && <Again run={run} onClose={() => setAsked(false)} />}
    </Alert>
  );
}

/** The same prompt on the same days: what it costs is said before, as of every run. */
function Again({ run, onClose }: { readonly run: Run; readonly onClose: () => void }) {
  const navigate = useNavigate();
  const { data, error } = usePrompt(run.promptId);
  const [first] = run.editions;
  if (error !== null) return <Refusal error={error} />;
  if (data === undefined || first === undefined) return null;
  const isOfOneSource = run.editions.every(({ source }) => source === first.source);
  return (
    <Suspense fallback={null}>
      <RunDialog
        prompt={data.prompt}
        source={isOfOneSource ? first.source : undefined}
        date={first.date}
        onClose={onClose}
        onStarted={({ id }) =>
          void navigate({ to: "/newsroom/runs/$runId", params: { runId: id }, search: {} })
        }
      />
    </Suspense>
  );
}
