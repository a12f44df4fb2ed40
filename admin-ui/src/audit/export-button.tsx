import { Button, Menu } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { EVERYWHERE, GET } from "../api/api.ts";
import { saveFile } from "../parts/save-file.ts";
import { tellFailure } from "../parts/tell.ts";
import { type AuditFilter, toAuditQuery } from "./filter.ts";

const FORMATS = ["csv", "ndjson"] as const;
/** Of a million rows. */
const TIMEOUT_MS = 10 * 60_000;

/** What the filter shows, as a file. */
export function ExportButton({
  filter,
  isEverywhere,
}: {
  readonly filter: AuditFilter;
  readonly isEverywhere: boolean;
}) {
  const { t } = useTranslation();
  const save = useMutation({
    mutationFn: async (format: (typeof FORMATS)[number]) => {
      const query = { ...toAuditQuery(filter), format };
      const { data } = await GET("/api/v1/audit/export", {
        params: { query },
        ...(isEverywhere && { headers: EVERYWHERE }),
        parseAs: "blob",
        timeoutMs: TIMEOUT_MS,
      });
      saveFile(data, `audit.${format}`);
    },
    onError: tellFailure,
  });
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" loading={save.isPending}>
          {t("audit.export")}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {FORMATS.map((format) => (
          <Menu.Item key={format} onClick={() => save.mutate(format)}>
            {t(`audit.export.${format}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
