import { Button, Group, Modal, Radio, SimpleGrid, Stack, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { problemsOf, Refused } from "../gazettes/refused.tsx";
import { problemAt } from "../parts/field-problem.ts";
import { tellDone } from "../parts/tell.ts";
import { PromptChoice } from "./prompt-choice.tsx";
import { TARGET_KINDS, useAddTarget } from "./publishing-queries.ts";
import { blankTarget, settingsOfTarget } from "./target-draft.ts";
import { TARGET_FIELDS, TargetFields } from "./target-fields.tsx";
import { useKeyOf } from "./use-key-of.ts";

/** Where approved texts go besides: first of which kind, then what that kind needs. */
export default function AddTarget({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const [name, setName] = useState("");
  const [draft, setDraft] = useState(() => blankTarget("x"));
  const [prompts, setPrompts] = useState<readonly string[]>([]);
  const keyOf = useKeyOf();
  const add = useAddTarget(() => {
    tellDone(t("publishing.added"));
    onClose();
  });
  const problems = problemsOf(add.error);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const body = {
      name: name.trim() === "" ? t(`publishing.kind.${draft.kind}`) : name.trim(),
      settings: settingsOfTarget(draft),
      prompts: [...prompts],
    };
    add.mutate({ body, key: keyOf(body) });
  };
  return (
    <Modal
      opened
      onClose={onClose}
      size="xl"
      title={t("publishing.add")}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <form onSubmit={submit}>
        <Stack>
          <Refused error={add.error} problems={problems} fields={TARGET_FIELDS} />
          <Radio.Group
            label={t("publishing.kind")}
            value={draft.kind}
            onChange={(value) => {
              add.reset();
              setDraft(blankTarget(TARGET_KINDS.find((kind) => kind === value) ?? "x"));
            }}
          >
            <SimpleGrid cols={{ base: 1, xs: 2, sm: 3 }} spacing={8} mt={6}>
              {TARGET_KINDS.map((kind) => (
                <Radio key={kind} value={kind} label={t(`publishing.kind.${kind}`)} />
              ))}
            </SimpleGrid>
          </Radio.Group>
          <TextInput
            label={t("publishing.field.name")}
            description={t("publishing.nameHint")}
            placeholder={t(`publishing.kind.${draft.kind}`)}
            value={name}
            maxLength={100}
            autoComplete="off"
            error={problemAt(problems, "name")}
            onChange={({ currentTarget }) => setName(currentTarget.value)}
          />
          <TargetFields key={draft.kind} draft={draft} problems={problems} onChange={setDraft} />
          <PromptChoice chosen={prompts} onChange={setPrompts} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t("action.cancel")}
            </Button>
            <Button type="submit" loading={add.isPending}>
              {t("publishing.add")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
