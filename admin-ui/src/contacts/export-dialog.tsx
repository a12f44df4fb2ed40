import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { GET } from "../api/api.ts";
import { saveFile } from "../parts/save-file.ts";
import { tellFailure } from "../parts/tell.ts";
import { type ContactsFilter, toContactsQuery } from "./filter.ts";
import { useSegments } from "./queries.ts";

/** Of 200,000 contacts. */
const TIMEOUT_MS = 5 * 60_000;

/** Names and numbers of citizens leave the product: it says whose, and asks for a proof. */
export default function ExportDialog({
  filter,
  onClose,
}: {
  readonly filter: ContactsFilter;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const segments = useSegments();
  const segment = segments.data?.find(({ id }) => id === filter.segment);
  const isFilterSegment = segment?.kind === "filter";
  const isFiltered = Object.keys(filter).length > 0;
  const save = useMutation({
    mutationFn: async () => {
      const { segment: _, ...rest } = filter;
      const query = toContactsQuery(isFilterSegment ? rest : filter);
      const { data } = await GET("/api/v1/contacts/export.csv", {
        params: { query },
        parseAs: "blob",
        timeoutMs: TIMEOUT_MS,
      });
      saveFile(data, "contacts.csv");
    },
    onError: tellFailure,
    onSuccess: onClose,
  });
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("contacts.export")}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <Stack>
        <Text size="sm">{t(isFiltered ? "contacts.exportFiltered" : "contacts.exportAll")}</Text>
        {isFilterSegment && <Text size="sm">{t("contacts.exportNoSegment")}</Text>}
        <Text size="sm" className="soft">
          {t("contacts.exportHint")}
        </Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("action.cancel")}
          </Button>
          <Button loading={save.isPending} onClick={() => save.mutate()}>
            {t("contacts.exportGo")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
