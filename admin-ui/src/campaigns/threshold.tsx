import { Button, Group, Modal, NumberInput, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { PUT } from "../api/api.ts";
import { tellFailure } from "../parts/tell.ts";
import { useThreshold } from "./queries.ts";

const MOST = 10_000_000;

/** From how many contacts on a second person must agree. */
export default function Threshold({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const { data } = useThreshold();
  const [typed, setTyped] = useState<number>();
  const save = useMutation({
    mutationFn: (approvalAbove: number) =>
      PUT("/api/v1/campaign-policy", { body: { approvalAbove } }),
    onError: tellFailure,
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["campaign-policy"] });
      onClose();
    },
  });
  const value = typed ?? data;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (value !== undefined) save.mutate(value);
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("campaigns.threshold")}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <form onSubmit={submit}>
        <Stack>
          <Text size="sm">{t("campaigns.thresholdHint")}</Text>
          <NumberInput
            label={t("campaigns.thresholdLabel")}
            min={0}
            max={MOST}
            allowDecimal={false}
            value={value ?? ""}
            onChange={(given) => setTyped(typeof given === "number" ? given : undefined)}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t("action.cancel")}
            </Button>
            <Button type="submit" loading={save.isPending} disabled={value === undefined}>
              {t("campaigns.save")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
