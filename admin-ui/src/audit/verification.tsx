import { Alert, Button, Code, List, Loader, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { POST } from "../api/api.ts";
import { Icon } from "../parts/icon.tsx";
import { Failure } from "../parts/states.tsx";
import { useFormats } from "../parts/time.ts";

/** The whole chain is read. */
const TIMEOUT_MS = 2 * 60_000;
const SHOWN = 50;

/** Whether the audit is as it was written: told in words, with each row that is not. */
export default function Verification({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const verdict = useQuery({
    queryKey: ["audit-verification"],
    gcTime: 0,
    staleTime: 0,
    refetchOnWindowFocus: false,
    queryFn: async () =>
      (await POST("/api/v1/audit/verification", { body: {}, timeoutMs: TIMEOUT_MS })).data,
  });
  if (verdict.isError) return <Failure error={verdict.error} retry={() => verdict.refetch()} />;
  if (verdict.data === undefined) {
    return (
      <Alert variant="light" color="gray" icon={<Loader size="xs" />} role="status">
        {t("audit.verifying")}
      </Alert>
    );
  }
  const { isWhole, rows, head, findings } = verdict.data;
  return (
    <Alert
      variant="light"
      color={isWhole ? "green" : "red"}
      role={isWhole ? "status" : "alert"}
      icon={<Icon name={isWhole ? "tick" : "warning"} />}
      title={t(isWhole ? "audit.whole" : "audit.broken", { count: findings.length })}
    >
      <Stack gap="xs">
        <Text size="sm">
          {t(isWhole ? "audit.wholeHint" : "audit.brokenHint", { rows: formats.number(rows) })}
        </Text>
        <List size="sm">
          {findings.slice(0, SHOWN).map(({ kind, auditId, what }) => (
            <List.Item key={`${kind} ${auditId} ${what}`}>
              {t(`audit.finding.${kind as "changed"}`, {
                id: auditId ?? "–",
                defaultValue: what,
              })}
            </List.Item>
          ))}
        </List>
        {head.position > 0 && (
          <Text size="xs">
            {t("audit.head")} <Code>{`${head.position}:${head.seal}`}</Code>
          </Text>
        )}
        <Button size="xs" variant="default" onClick={onClose} style={{ alignSelf: "flex-start" }}>
          {t("action.close")}
        </Button>
      </Stack>
    </Alert>
  );
}
